import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {skeletonize} from '../../src/kernels/skeleton.js';
import {readPng} from '../png.js';
import {fullSweepSkeleton} from './full-sweep-skeleton.js';
import {maskGeometry} from './mask-geometry.js';
import {image} from './random-image.js';

const {cases, masks} = maskGeometry();

test('small masks have the skeletons of scikit-image', () => {
  for (const {pred, height, width, skeleton} of cases) {
    expect([...skeletonize(pred, height, width)]).toEqual([...skeleton]);
  }
});

describe.each(Object.entries(masks))('masks/%s', (key, {skeleton_sha256}) => {
  test.each(['pred', 'target'] as const)('%s has the skeleton of scikit-image', async (role) => {
    const {data, height, width} = await readPng(new URL(`../../fixtures/masks/${role}/${key}.png`, import.meta.url));
    const mask = Uint8Array.from(data, (value) => Number(value > 127));
    const hash = createHash('sha256')
      .update(skeletonize(mask, height, width))
      .digest('hex');
    expect(hash).toBe(skeleton_sha256[role]);
  });
});

test('looking only where a neighbour went is the same as sweeping the whole image', () => {
  const dense = fc
    .tuple(fc.integer({min: 1, max: 24}), fc.integer({min: 1, max: 24}), fc.double({min: 0, max: 1, noNaN: true}))
    .chain(([height, width, share]) =>
      fc.record({
        height: fc.constant(height),
        width: fc.constant(width),
        values: fc.array(
          fc.double({min: 0, max: 1, noNaN: true}).map((value) => Number(value < share)),
          {minLength: height * width, maxLength: height * width},
        ),
      }),
    );
  fc.assert(
    fc.property(fc.oneof(image(1, 16), dense), ({height, width, values}) => {
      expect([...skeletonize(Uint8Array.from(values), height, width)]).toEqual(
        fullSweepSkeleton(values, height, width),
      );
    }),
    {numRuns: 1000},
  );
});

test('an empty mask has no skeleton, a pixel is its own, a full square keeps some', () => {
  expect([...skeletonize(new Uint8Array(6), 2, 3)]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...skeletonize(Uint8Array.of(0, 1, 0), 1, 3)]).toEqual([0, 1, 0]);
  expect(skeletonize(new Uint8Array(81).fill(1), 9, 9)).toContain(1);
});
