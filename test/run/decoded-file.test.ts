import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {join} from 'node:path';
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

test('a file that takes too long fails, with the limit: nobody writes into this pipe', async () => {
  const scratch = new Scratch();
  const pipe = join(scratch.root, 'pipe.png');
  execFileSync('mkfifo', [pipe]);
  const options = {image: IMAGE, cwd: scratch.root, maxSeconds: 0.2};
  await expect(decodeFile('pred', pipe, ['pixels'], options)).rejects.toMatchObject({
    code: 'timeout',
    message: 'pred: pipe.png: not decoded after 0.2 s, the limit of image.max_seconds',
  });
  // Lets the read that goes on unheeded end.
  await (await open(pipe, 'w')).close();
});

test('an image of more pixels than fit in memory fails before it is decoded; one that fits does not', async () => {
  const scratch = new Scratch();
  const large = await scratch.png('large.png', flat(9, 9, 30));
  const options = {image: IMAGE, cwd: scratch.root, memory: {total: 5120, pixels: 80}};
  await expect(decodeFile('pred', large, ['pixels'], options)).rejects.toMatchObject({
    code: 'out-of-memory',
    message: 'pred: large.png: has more than the 80 pixels that fit in max_memory (5120 bytes)',
  });
  const small = await scratch.png('small.png', flat(8, 10, 30));
  expect((await decodeFile('pred', small, ['pixels'], options)).rasters.size).toBe(1);
  // The cap of pixels keeps its own words where it is the lower one.
  const image = {...IMAGE, maxPixels: 70};
  await expect(decodeFile('pred', large, ['pixels'], {...options, image})).rejects.toMatchObject({
    code: 'too-many-pixels',
  });
});
