import sharp from 'sharp';
import {expect, test} from 'vitest';
import {paint} from '../../src/pictures/picture.js';
import {PictureAlbum} from '../../src/pictures/picture-album.js';
import {random} from '../losses/random.js';

function noise(seed: number, height: number, width: number) {
  const next = random(seed);
  return paint({height, width}, (_, out, at) => {
    for (let c = 0; c < 3; c++) out[at + c] = Math.floor(256 * next());
  });
}

async function album(side: number): Promise<PictureAlbum> {
  const made = new PictureAlbum(side);
  for (const [i, key] of ['a', '__proto__', 'c'].entries()) {
    await made.add(key, 'pred', noise(i, 60, 120));
    await made.add(key, 'heat mse', noise(i + 9, 60, 120));
  }
  return made;
}

test('images are WebP, no larger than the side, never enlarged', async () => {
  const made = await album(40);
  const image = made.image('a', 'pred', false);
  expect(image).toMatchObject({width: 40, height: 20});
  const [head, data = ''] = (image?.href ?? '').split(',');
  expect(head).toBe('data:image/webp;base64');
  expect(await sharp(Buffer.from(data, 'base64')).metadata()).toMatchObject({format: 'webp', width: 40, height: 20});
  expect((await album(500)).image('c', 'pred', false)).toMatchObject({width: 120, height: 60});
  expect(made.image('a', 'target', false)).toBeNull();
});

test('files have names without the key, that images lead to', async () => {
  const made = await album(40);
  const files = made.files();
  expect(files.map(({file}) => file)).toEqual([
    '0001-pred.webp',
    '0001-heat-mse.webp',
    '0002-pred.webp',
    '0002-heat-mse.webp',
    '0003-pred.webp',
    '0003-heat-mse.webp',
  ]);
  expect(made.image('__proto__', 'heat mse', true)?.href).toBe('assets/0002-heat-mse.webp');
});

test('too many bytes: images become smaller side by side, then the last samples go', async () => {
  const made = await album(120);
  const before = made.bytes;
  expect(await made.fit(before, [120, 60, 30])).toEqual({side: 120, dropped: 0});
  expect(await made.fit(before / 2, [120, 60, 30])).toEqual({side: 60, dropped: 0});
  expect(made.bytes).toBeLessThanOrEqual(before / 2);
  expect(made.image('c', 'pred', false)).toMatchObject({width: 60, height: 30});
  const smallest = await album(30);
  const {bytes} = smallest;
  expect(await smallest.fit(bytes / 2, [120, 60, 30])).toEqual({side: 30, dropped: 2});
  expect([smallest.has('a'), smallest.has('__proto__'), smallest.has('c')]).toEqual([true, false, false]);
});
