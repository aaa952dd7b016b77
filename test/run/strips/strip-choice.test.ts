import {expect, test} from 'vitest';
import type {SizePolicy} from '../../../src/images/pair.js';
import type {Reading} from '../../../src/losses/sample-contract.js';
import {memoryBudget} from '../../../src/run/memory-budget.js';
import {chooseStrips, mayBeLarge, wholeImages} from '../../../src/run/strips/strip-choice.js';
import {builtIn, configured} from '../losses.js';
import {flat, IMAGE, Scratch} from '../scratch.js';

/** 80 pixels. */
const memory = memoryBudget(80 * 256);
const readings = new Map(['pred', 'target', 'weight', 'ignore'].map((role) => [role, new Set(['pixels'] as const)]));

test('large pairs are read in strips, unless something needs them whole', async () => {
  const scratch = new Scratch();
  const large = await scratch.png('large.png', flat(9, 9, 30));
  const wide = await scratch.png('wide.png', flat(9, 12, 30));
  const small = await scratch.png('small.png', flat(8, 10, 30));
  const array = scratch.write('array.pgm', `P5 9 9 255\n${'.'.repeat(81)}`);
  const choose = async (files: Record<string, string>, size: SizePolicy = 'strict', budget = memory) => {
    const options = {image: IMAGE, cwd: scratch.root, size, readings, memory: budget};
    const choice = await chooseStrips({key: 'a', files}, options);
    if (choice === null) return null;
    return 'failure' in choice ? `${choice.failure.code}: ${choice.failure.message}` : [...choice.files.keys()];
  };
  const refused = (why: string) =>
    `out-of-memory: pred: large.png: has more than the 80 pixels that fit in max_memory (20480 bytes), and ${why}`;
  expect(await choose({pred: large, target: large})).toEqual(['pred', 'target']);
  expect(await choose({pred: small, target: small})).toBeNull();
  // Sizes that differ fail as they do elsewhere, once both are decoded.
  expect(await choose({pred: large, target: small})).toEqual(['pred', 'target']);
  expect(await choose({pred: large, target: wide}, 'target')).toBe(
    refused('image.size needs images whole to change theirs'),
  );
  expect(await choose({pred: large, target: large}, 'crop')).toEqual(['pred', 'target']);
  expect(await choose({pred: large, target: large}, [9, 9])).toEqual(['pred', 'target']);
  expect(await choose({pred: large, target: large}, [9, 8])).toMatch(/image\.size/);
  expect(await choose({pred: large, target: array})).toBe(refused('only PNG and JPEG are scored in strips'));
  expect(await choose({pred: large, target: large, weight: small})).toBe(refused('the role weight is read whole'));
  // Neither is in the way of a loss that does not read it.
  expect(await choose({pred: large, target: large, style: array})).toEqual(['pred', 'target']);
  expect(await choose({pred: scratch.write('no.png', 'x'), target: `${large}.none`})).toBeNull();
  // One that is not there is no other format.
  expect(await choose({pred: large, target: `${large}.none`})).toBe(
    'unreadable-file: target: large.png.none cannot be read (ENOENT)',
  );
  // Without a budget, what must be read whole is, and images up to 64 megapixels are.
  expect(await choose({pred: large, target: large}, 'strict', memoryBudget(null))).toBeNull();
});

test('masks are read in strips where they are PNGs of one number a pixel', async () => {
  const scratch = new Scratch();
  const grey = await scratch.png('grey.png', flat(9, 9, 1));
  const colours = await scratch.png('colours.png', {height: 9, width: 9, channels: 3, values: new Uint8Array(243)});
  const asMasks = new Map<string, ReadonlySet<Reading>>([
    ['pred', new Set(['mask'])],
    ['target', new Set(['labels'])],
  ]);
  const choose = async (files: Record<string, string>) => {
    const options = {image: IMAGE, cwd: scratch.root, size: 'strict' as const, readings: asMasks, memory};
    const choice = await chooseStrips({key: 'a', files}, options);
    return choice && ('failure' in choice ? choice.failure.message : [...choice.files.values()].map(({ids}) => ids));
  };
  expect(await choose({pred: grey, target: grey})).toEqual([true, true]);
  expect(await choose({pred: grey, target: colours})).toMatch(
    /^target: colours.png: .* max_memory \(20480 bytes\), and of masks only grey and palette PNGs are scored in strips$/,
  );
});

test('files are looked at only where one can be large', () => {
  const image = {...IMAGE, maxPixels: 64_000_000};
  expect(mayBeLarge({image, memory: memoryBudget(null)})).toBe(false);
  expect(mayBeLarge({image, memory: memoryBudget(2 ** 30)})).toBe(true);
  expect(mayBeLarge({image, memory: memoryBudget(2 ** 40)})).toBe(false);
  expect(mayBeLarge({image: {...image, maxPixels: 64_000_001}, memory: memoryBudget(null)})).toBe(true);
});

test('the loss or device that needs images whole is named', async () => {
  const losses = await configured(builtIn('mse'), builtIn('ssim'), builtIn('gmsd'));
  const masks = await configured(builtIn('iou'), builtIn('confusion'));
  expect(wholeImages(losses, 'cpu')).toBeNull();
  expect(wholeImages(masks, 'cpu')).toBeNull();
  expect(wholeImages(await configured(builtIn('dice', {mode: 'soft'})), 'cpu')).toBe('the loss dice needs it whole');
  expect(wholeImages([...losses, ...masks], 'cpu')).toBe('losses read pred as pixels and mask');
  expect(wholeImages(losses, 'webgpu')).toBe('device webgpu takes images whole');
  expect(wholeImages([...losses, ...(await configured(builtIn('hausdorff')))], 'cpu')).toBe(
    'the loss hausdorff needs it whole',
  );
});
