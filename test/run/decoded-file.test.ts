import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {decodeFile} from '../../src/run/decoded-file.js';
import {flat, IMAGE, Scratch, sha256Of} from './scratch.js';

test('a file per class is one image with a channel a file; the hash is of all their bytes in that order', async () => {
  const scratch = new Scratch();
  const files = [await scratch.png('b.png', flat(2, 3, 30)), await scratch.png('a.png', flat(2, 3, 225))];
  const options = {image: IMAGE, cwd: scratch.root};
  const {rasters, sha256} = await decodeFile('pred', files, ['mask', 'scores'], options);
  for (const reading of ['mask', 'scores'] as const) {
    expect(rasters.get(reading)).toMatchObject({height: 2, width: 3, channels: 2, maximum: 255});
    expect(Array.from(rasters.get(reading)?.data ?? [])).toEqual([
      30, 225, 30, 225, 30, 225, 30, 225, 30, 225, 30, 225,
    ]);
  }
  const all = Buffer.concat(files.map((file) => readFileSync(file)));
  expect(sha256).toBe(createHash('sha256').update(all).digest('hex'));
  const one = await decodeFile('pred', files[0] as string, ['mask'], options);
  expect(one.sha256).toBe(sha256Of(files[0] as string));
});

test('files of classes that do not fit are named from the working directory', async () => {
  const scratch = new Scratch();
  const files = [await scratch.png('a.png', flat(2, 3, 30)), await scratch.png('b.png', flat(3, 2, 30))];
  await expect(decodeFile('pred', files, ['mask'], {image: IMAGE, cwd: scratch.root})).rejects.toMatchObject({
    code: 'class-files',
    message: 'pred: b.png is 2x3, integers up to 255, a.png is 3x2, integers up to 255',
  });
  const broken = [files[0] as string, scratch.write('c.png', 'no image')];
  await expect(decodeFile('pred', broken, ['mask'], {image: IMAGE, cwd: scratch.root})).rejects.toMatchObject({
    code: 'not-an-image',
    message: expect.stringMatching(/^pred: c\.png: /),
  });
});

test.each(['ignore', 'instances', 'weight'])('a palette is for masks: %s in black and white stays so', async (role) => {
  const scratch = new Scratch();
  const image = {...IMAGE, palette: new Map([[0, 255]])};
  const black = await scratch.png('a.png', {height: 1, width: 2, channels: 3, values: [0, 0, 0, 255, 255, 255]});
  const reading = role === 'instances' ? 'instances' : 'labels';
  const {rasters} = await decodeFile(role, black, [reading], {image, cwd: scratch.root});
  expect(Array.from(rasters.get(reading)?.data ?? [])).toEqual([0, 255]);
  await expect(decodeFile('target', black, ['labels'], {image, cwd: scratch.root})).rejects.toMatchObject({
    message: 'target: a.png: colour #ffffff at x 1, y 0 is not in the palette',
  });
});
