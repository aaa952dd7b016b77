import {setTimeout as sleep} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {expect, test} from 'vitest';
import type {Cell} from '../src/rows/row.js';
import {Aggregator} from '../src/run/aggregate.js';
import {gatherSamples} from '../src/samples/gather.js';
import {Scratch} from './samples/scratch.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are in use, on the heap and in arrays beside it: these are given back some time after their garbage is collected. */
async function bytesInUse(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await sleep(20);
    const {heapUsed, arrayBuffers} = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}

const name = (i: number) => `scene-${String(i >> 10).padStart(4, '0')}/frame-${String(i).padStart(8, '0')}`;

/** What a table of so many samples has in use, whose files have two long paths. */
async function tableBytes(rows: number): Promise<number> {
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
  const before = await bytesInUse();
  const table = await gatherSamples({...rest, ...roles, pairs});
  const bytes = (await bytesInUse()) - before;
  expect(table.samples.at(rows - 1)?.key).toBe(name(rows - 1));
  return bytes;
}

test('a table of samples takes less than 40 bytes a row, though it names two long paths', async () => {
  // What the first table loads and keeps, however long, counts for no row.
  await tableBytes(1);
  const few = await tableBytes(10_000);
  expect(((await tableBytes(60_000)) - few) / 50_000).toBeLessThan(40);
});

test('aggregates take less than 12 bytes a row and column', async () => {
  const rows = 2 ** 16;
  const columns = ['mse', 'mae', 'psnr', 'ssim'].map((column) => ({name: column, better: 'lower' as const}));
  const before = await bytesInUse();
  const aggregates = new Aggregator(columns, []);
  for (let i = 0; i < rows; i++) {
    const cells: Record<string, Cell> = Object.fromEntries(columns.map((column, c) => [column.name, i / (c + 1)]));
    aggregates.add({key: name(i), status: 'ok', reason: '', width: 8, height: 8, cells, sha256: {}});
  }
  expect(((await bytesInUse()) - before) / (rows * columns.length)).toBeLessThan(12);
  expect(aggregates.counts().samples).toBe(rows);
});
