import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import type {ClassName} from '../../src/losses/contract.js';
import {createLoss, floats, type LossConfig, type Rasters, viewsOf, wasm} from '../losses/score.js';
import {readPng} from '../png.js';
import {type Cells, conventionsTables, evaluate, relativeDifference} from './conventions-page.js';

/** A number, "NaN", "Infinity", or null where the call failed. */
type PeerValue = number | string | null;

interface Peers {
  readonly calls: Readonly<Record<string, string>>;
  readonly pairs: Readonly<Record<string, Readonly<Record<string, PeerValue>>>>;
}

/** A loss, or one with the classes of its run. */
interface Config {
  readonly classes: Readonly<Record<string, string>> | null;
  readonly losses: readonly [LossConfig];
}

const root = new URL('../../', import.meta.url);
const peers = JSON.parse(readFileSync(new URL('fixtures/peers-masks.json', root), 'utf8')) as Peers;
const {rows, reproduced, others} = conventionsTables('Masks');

/** Pairs with an empty mask, by what is empty. */
const EMPTY = {both: '021', pred: '022', target: '023'} as const;
const filled = Object.keys(peers.pairs).filter((key) => !Object.values<string>(EMPTY).includes(key));

test('every value that the peers gave stands in one table, with its call', () => {
  const listed = rows.flatMap(([value = '', call = '']) => {
    const calls = call.split(' − ');
    return value.split(' − ').map((name, i) => [name, calls[i]]);
  });
  expect(rows).toHaveLength(reproduced.length + others.length);
  expect(Object.fromEntries(listed)).toEqual(peers.calls);
  expect(listed).toHaveLength(Object.keys(peers.calls).length);
  expect(filled).toHaveLength(12);
});

describe('reproduced', () => {
  test.each(reproduced)('%s: %s is %s, %s, within %s; empty masks %s', async (...cells) => {
    const [value = '', call = '', config = '', expression = '', within, empty] = cells;
    const ours = await cellsOf(config, call);
    const apart = (key: string) =>
      relativeDifference(evaluate(expression, ours[key] as Cells), theirs(key, value) as number);
    const difference = Math.max(...filled.map(apart));
    expect(difference).toBeLessThanOrEqual(Number(within));
    // Above what float64 sums in another order leave, a bound says how far the values really are apart.
    if (Number(within) > 1e-10) expect(difference).toBeGreaterThan(Number(within) / 10);
    const others = Object.entries(EMPTY).flatMap(([what, key]) => {
      const [peer, own] = [theirs(key, value), evaluate(expression, ours[key] as Cells)];
      return sameOnEmpty(peer, own) ? [] : [`${what} ${shown(peer)}`];
    });
    expect(others.join(', ') || 'as here').toBe(empty);
  });
});

describe('not reproduced', () => {
  test.each(others.filter(([, , nearest]) => nearest !== '–'))('%s: %s is not %s', async (...cells) => {
    const [value = '', call = '', nearest = ''] = cells;
    const ours = await cellsOf(nearest, call);
    const apart = filled.map((key) =>
      relativeDifference(evaluate('x', ours[key] as Cells), theirs(key, value) as number),
    );
    expect(apart.every(Number.isFinite)).toBe(true);
    expect(Math.max(...apart)).toBeGreaterThan(1e-4);
  });
});

/** What a peer gave: a number, NaN and Infinity among them, the absolute difference of two, or null where it failed. */
function theirs(key: string, value: string): number | null {
  const [first = null, second] = value.split(' − ').map((name) => {
    const given = peers.pairs[key]?.[name];
    if (given === undefined) throw new Error(`no '${name}' of ${key}`);
    return given === null ? null : Number(given);
  });
  return first === null || second === undefined || second === null ? first : Math.abs(first - second);
}

function sameOnEmpty(peer: number | null, own: number): boolean {
  return peer !== null && (Object.is(peer, own) || relativeDifference(own, peer) < 1e-5);
}

function shown(peer: number | null): string {
  if (peer === null) return 'fails';
  return Number.isNaN(peer) ? 'undefined' : String(Number(peer.toPrecision(4)));
}

const known = new Map<string, Promise<Readonly<Record<string, Cells>>>>();

/** Our cells by key, as the CPU computes them; of the probabilities where the call reads them. */
function cellsOf(config: string, call: string): Promise<Readonly<Record<string, Cells>>> {
  const folder = /\bs\b/.test(call) ? 'prob' : 'pred';
  const name = `${folder} ${config}`;
  const cells = known.get(name) ?? scoreAll(configOf(config), folder);
  known.set(name, cells);
  return cells;
}

function configOf(text: string): Config {
  const parsed: unknown = parse(text);
  return text.includes('losses:') ? (parsed as Config) : {classes: null, losses: [parsed as LossConfig]};
}

async function scoreAll(
  {classes, losses: [loss]}: Config,
  folder: 'pred' | 'prob',
): Promise<Readonly<Record<string, Cells>>> {
  const {undefined: instead, ...entry} = loss;
  const {descriptor, instance} = await createLoss(entry as LossConfig, await wasm(), classNames(classes));
  const {fused} = instance;
  if (!fused) throw new Error(`'${descriptor.id}' has no fused form`);
  const scored: Record<string, Cells> = {};
  for (const key of Object.keys(peers.pairs)) {
    const cells = fused(viewsOf(descriptor, instance, await masks(key, folder, entry.input === 'logits')));
    scored[key] = typeof instead === 'number' && typeof cells[''] === 'object' ? {...cells, '': instead} : cells;
  }
  return scored;
}

function classNames(classes: Config['classes']): ClassName[] | null {
  return classes && Object.entries(classes).map(([id, name]) => ({id: Number(id), name}));
}

const decoded = new Map<string, Promise<Rasters[string]>>();

/** A pair; `asFloats`: the prediction as a float file of the same values. */
async function masks(key: string, folder: 'pred' | 'prob', asFloats: boolean): Promise<Rasters> {
  const read = (role: string) => {
    const name = `fixtures/masks/${role}/${key}.png`;
    const raster = decoded.get(name) ?? readPng(new URL(name, root));
    decoded.set(name, raster);
    return raster;
  };
  const [pred, target] = await Promise.all([read(folder), read('target')]);
  const {height, width, data} = pred;
  return {
    target,
    pred: asFloats
      ? floats(
          height,
          width,
          1,
          Array.from(data, (value) => value / 255),
        )
      : pred,
  };
}
