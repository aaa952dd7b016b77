import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {batchOf, createLoss, type LossConfig, type Rasters, viewsOf, wasm} from '../losses/score.js';
import {readPng} from '../png.js';
import {conventionsTables, evaluate, relativeDifference} from './conventions-page.js';

interface Peers {
  readonly calls: Readonly<Record<string, string>>;
  readonly pairs: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const root = new URL('../../', import.meta.url);
const peers = JSON.parse(readFileSync(new URL('fixtures/peers-photos.json', root), 'utf8')) as Peers;
const {rows, reproduced, others} = conventionsTables('Photographs');

test('every value that the peers gave stands in one table, with its call', () => {
  const listed = rows.map(([value, call]) => [value, call]);
  expect(rows).toHaveLength(reproduced.length + others.length);
  expect(Object.fromEntries(listed)).toEqual(peers.calls);
  expect(listed).toHaveLength(Object.keys(peers.calls).length);
});

describe('reproduced', () => {
  test.each(reproduced)('%s: %s is %s, %s, within %s', async (value, _call, config, expression, within) => {
    const difference = await largestDifference(value as string, config as string, expression as string);
    expect(difference).toBeLessThanOrEqual(Number(within));
    // Above what float64 sums in another order leave, a bound says how far the values really are apart.
    if (Number(within) > 1e-10) expect(difference).toBeGreaterThan(Number(within) / 10);
  });
});

describe('not reproduced', () => {
  test.each(others.filter(([, , nearest]) => nearest !== '–'))('%s: %s is not %s', async (value, _call, nearest) => {
    expect(await largestDifference(value as string, nearest as string, 'x')).toBeGreaterThan(1e-4);
  });
});

/** The largest relative difference over the photo pairs between a peer's value and the expression of ours. */
async function largestDifference(value: string, config: string, expression: string): Promise<number> {
  const ours = await valuesOf(config);
  const differences = Object.entries(peers.pairs).map(([key, pair]) => {
    const theirs = pair[value] as number;
    return relativeDifference(evaluate(expression, {'': ours[key] as number}), theirs);
  });
  expect(differences).toHaveLength(12);
  return Math.max(...differences);
}

const known = new Map<string, Promise<Record<string, number>>>();

/** Our values by key, as the CPU computes them. */
function valuesOf(config: string): Promise<Record<string, number>> {
  const values = known.get(config) ?? scoreAll(parse(config) as LossConfig);
  known.set(config, values);
  return values;
}

async function scoreAll(config: LossConfig): Promise<Record<string, number>> {
  const tf = await wasm();
  const {descriptor, instance} = await createLoss(config, tf);
  const values: Record<string, number> = {};
  for (const key of Object.keys(peers.pairs)) {
    const rasters = await photos(key);
    if (instance.fused) {
      values[key] = instance.fused(viewsOf(descriptor, instance, rasters))[''] as number;
      continue;
    }
    const batch = batchOf(descriptor, instance, [rasters], tf);
    values[key] = (await instance.perSample(batch))['']?.[0] as number;
    batch.dispose();
  }
  return values;
}

const decoded = new Map<string, Promise<Rasters>>();

function photos(key: string): Promise<Rasters> {
  const read = async () => ({
    pred: await readPng(new URL(`fixtures/photos/pred/${key}.png`, root)),
    target: await readPng(new URL(`fixtures/photos/target/${key}.png`, root)),
  });
  const rasters = decoded.get(key) ?? read();
  decoded.set(key, rasters);
  return rasters;
}
