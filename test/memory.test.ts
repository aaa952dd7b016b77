import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {expect, test} from 'vitest';
import type {Cell} from '../src/rows/row.js';
import {Aggregator} from '../src/run/aggregate.js';
import {gatherSamples} from '../src/samples/gather.js';
import {Scratch} from './samples/scratch.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are in use, on the heap and in arrays beside it. */
function bytesInUse(): number {
  collectGarbage();
  const {heapUsed, arrayBuffers} = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const name = (i: number) => `scene-${String(i >> 10).padStart(4, '0')}/frame-${String(i).padStart(8, '0')}`;

test('a table of samples takes less than 40 bytes a row, though it names two long paths', async () => {
  const rows = 25_000;
  const scratch = new Scratch();
  scratch.files('a-folder-of-images', ['pred.png', 'target.png']);
  const lines = Array.from(
    {length: rows},
    (_, i) => `${name(i)},a-folder-of-images/pred.png,a-folder-of-images/target.png`,
  );
  const pairs = {path: scratch.write('pairs.csv', `key,pred,target\n${lines.join('\n')}\n`)};
  lines.length = 0;
  const roles = {requiredRoles: ['pred', 'target'], optionalRoles: []};
  const rest = {inputs: {}, match: {}, allowMissing: false, classes: null, sets: null, groupBy: null};
  const before = bytesInUse();
  const table = await gatherSamples({...rest, ...roles, pairs});
  expect((bytesInUse() - before) / rows).toBeLessThan(40);
  expect(table.samples.at(rows - 1)?.key).toBe(name(rows - 1));
});

test('aggregates take less than 12 bytes a row and column', () => {
  const rows = 2 ** 16;
  const columns = ['mse', 'mae', 'psnr', 'ssim'].map((column) => ({name: column, better: 'lower' as const}));
  const before = bytesInUse();
  const aggregates = new Aggregator(columns, []);
  for (let i = 0; i < rows; i++) {
    const cells: Record<string, Cell> = Object.fromEntries(columns.map((column, c) => [column.name, i / (c + 1)]));
    aggregates.add({key: name(i), status: 'ok', reason: '', width: 8, height: 8, cells, sha256: {}});
  }
  expect((bytesInUse() - before) / (rows * columns.length)).toBeLessThan(12);
  expect(aggregates.counts().samples).toBe(rows);
});
