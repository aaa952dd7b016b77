import fc from 'fast-check';
import {expect, test} from 'vitest';
import {connectedComponents} from '../../src/kernels/components.js';
import {type IdImage, image} from './random-image.js';

/** Ids by flood fill from each pixel not reached yet, in row order. */
function floodFill({height, width, values}: IdImage, connectivity: 4 | 8): {ids: number[]; count: number} {
  const ids = new Array<number>(values.length).fill(0);
  let count = 0;
  values.forEach((label, start) => {
    if (label === 0 || ids[start] !== 0) return;
    count += 1;
    const open = [start];
    ids[start] = count;
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      for (const j of around(i, height, width, connectivity)) {
        if (values[j] !== label || ids[j] !== 0) continue;
        ids[j] = count;
        open.push(j);
      }
    }
  });
  return {ids, count};
}

function around(i: number, height: number, width: number, connectivity: 4 | 8): number[] {
  const x = i % width;
  const y = Math.floor(i / width);
  const sides = [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ] as const;
  const corners = [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ] as const;
  return [...sides, ...(connectivity === 8 ? corners : [])]
    .map(([dx, dy]) => [x + dx, y + dy] as const)
    .filter(([nx, ny]) => nx >= 0 && nx < width && ny >= 0 && ny < height)
    .map(([nx, ny]) => ny * width + nx);
}

test.each([4, 8] as const)('%i-connected components are those of a flood fill', (connectivity) => {
  fc.assert(
    fc.property(image(2, 16), (made) => {
      const {ids, count} = connectedComponents(made.values, made.height, made.width, connectivity);
      expect({ids: [...ids], count}).toEqual(floodFill(made, connectivity));
    }),
    {numRuns: 500},
  );
});

test('a diagonal is one component or many', () => {
  const diagonal = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  expect(connectedComponents(diagonal, 3, 3, 8).count).toBe(1);
  expect(connectedComponents(diagonal, 3, 3, 4).count).toBe(3);
});

test('a spiral that closes late is one component', () => {
  const rows = ['1111111', '1000001', '1011101', '1010101', '1010001', '1011111', '1000000'];
  expect(connectedComponents([...rows.join('')].map(Number), 7, 7, 4)).toMatchObject({count: 1});
});
