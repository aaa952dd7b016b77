import {join} from 'node:path';
import {expect, test} from 'vitest';
import {memoryBudget} from '../../../src/run/memory-budget.js';
import {startRun} from '../../../src/run/start.js';
import {collect} from '../loaded.js';
import {builtIn} from '../losses.js';
import {settings, table} from '../masks.js';
import {flat, Scratch} from '../scratch.js';

const {signal} = new AbortController();

test('large images are read in strips where a path map has their folder, and named as the table names them', async () => {
  const scratch = new Scratch();
  const here = {
    pred: await scratch.png('pred.png', flat(9, 9, 51)),
    target: await scratch.png('target.png', flat(9, 9, 0)),
  };
  const there = (name: string) => join('/elsewhere', name);
  const budget = {...settings(scratch.root, builtIn('mse')), memory: memoryBudget(80 * 256)};
  const rowsOf = async (
    ...[which, files, pathMap]: [typeof budget, Record<string, string>, (readonly [string, string])[]]
  ) => {
    const run = await startRun({...which, pathMap}, table([files]), signal);
    const rows = await collect(run.rows());
    await run.close();
    return rows;
  };
  const [whole] = await rowsOf({...budget, memory: memoryBudget(null)}, here, []);
  const map = [['/elsewhere', scratch.root] as const];
  expect(await rowsOf(budget, {pred: there('pred.png'), target: there('target.png')}, map)).toEqual([whole]);
  const [wrong] = await rowsOf({...budget, cwd: '/'}, {pred: there('pred.png'), target: there('none.png')}, map);
  expect(wrong?.reason).toBe('unreadable-file: target: elsewhere/none.png cannot be read (ENOENT)');
});
