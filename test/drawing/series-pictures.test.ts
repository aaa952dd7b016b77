import {expect, test} from 'vitest';
import {SeriesPictures} from '../../src/drawing/series-pictures.js';
import {startRun} from '../../src/run/start.js';
import {builtIn} from '../run/losses.js';
import {settings, table} from '../run/masks.js';
import {flat, Scratch} from '../run/scratch.js';

const {signal} = new AbortController();

/** Sets whose predictions have these levels, against black. */
async function setsOf(...levels: readonly (readonly number[])[]) {
  const scratch = new Scratch();
  const sets = [];
  for (const [set, own] of levels.entries()) {
    const files = await Promise.all(
      own.map(async (level, i) => ({
        pred: await scratch.png(`${set}-${i}.png`, flat(6, 8, level)),
        target: await scratch.png(`t${i}.png`, flat(6, 8, 0)),
      })),
    );
    const run = await startRun(settings(scratch.root, builtIn('mse'), builtIn('mae')), table(files), signal);
    sets.push({name: `epoch-${set}`, run});
  }
  return sets;
}

test('the samples that differ most between the sets, with every prediction and the target', async () => {
  // s1 differs by 200 levels, s2 by 100, s0 not at all; the third set has s0 and s1 alone.
  const sets = await setsOf([5, 250, 20], [5, 50, 120], [5, 100]);
  const pictures = new SeriesPictures(sets, 8);
  for (const [set, {run}] of sets.entries()) for await (const row of run.rows()) pictures.add(set, row);
  const runs = await pictures.draw({folder: null});
  for (const {run} of sets) await run.close();
  expect(runs.names).toEqual(['epoch-0', 'epoch-1', 'epoch-2']);
  expect(Object.keys(runs.changed)).toEqual(['mse', 'mae']);
  const [first, second, ...rest] = runs.changed.mae ?? [];
  expect(rest).toEqual([]);
  expect([first?.key, second?.key]).toEqual(['s1', 's2']);
  expect(first?.runs.map(({value}) => value)).toEqual([250, 50, 100].map((level) => expect.closeTo(level / 255, 12)));
  expect(second?.runs.map(({value}) => value)).toEqual([
    expect.closeTo(20 / 255, 12),
    expect.closeTo(120 / 255, 12),
    null,
  ]);
  expect(first?.runs.map(({pred}) => pred?.width)).toEqual([8, 8, 8]);
  expect(second?.runs.map(({pred}) => pred?.width ?? null)).toEqual([8, 8, null]);
  expect(first?.target).toMatchObject({width: 8, height: 6});
  expect(new Set(first?.runs.map(({pred}) => pred?.href)).size).toBe(3);
});

test('a limit keeps those that differ most, whatever the order', async () => {
  const own = Array.from({length: 120}, (_, i) => (i * 37) % 120);
  const sets = await setsOf(own, new Array<number>(120).fill(0));
  const pictures = new SeriesPictures(sets, 3);
  for (const [set, {run}] of sets.entries()) for await (const row of run.rows()) pictures.add(set, row);
  const {changed} = await pictures.draw({folder: null});
  for (const {run} of sets) await run.close();
  expect(changed.mse?.map(({key}) => own[Number(key.slice(1))])).toEqual([119, 118, 117]);
});
