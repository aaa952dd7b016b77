import {readFileSync} from 'node:fs';
import {readNpy} from '../../npy.js';
import {readPng} from '../../png.js';
import type {LossConfig, Rasters} from '../score.js';

/** A value that an independent library or a float64 form gave for one loss and one sample. */
export interface FixtureCase {
  /** The file the case stands in. */
  readonly from: string;
  readonly loss: LossConfig;
  readonly key: string;
  /** NaN where it is undefined. */
  readonly value: number;
  readonly tolerance: number;
  /** Of several classes, the value of each. */
  readonly perClass?: readonly number[];
  rasters(): Promise<Rasters>;
}

const fixtures = new URL('../../../fixtures/', import.meta.url);

interface PairCase {
  readonly loss: LossConfig;
  readonly tolerance: number;
  readonly values: Readonly<Record<string, number>>;
}

/** By key, what each loss gives: a number, `undefined` or `infinite`. */
type EmptyMasks = Readonly<Record<string, Readonly<Record<string, number | 'undefined' | 'infinite'>>>>;

/** Every reference value that the fixtures hold for per-sample losses. */
export function fixtureCases(): FixtureCase[] {
  const {cases: photos} = readJson('photos.json') as {cases: PairCase[]};
  const masks = readJson('masks.json') as {hard: PairCase[]; soft_from_prob: PairCase[]; empty_hard_masks: EmptyMasks};
  return [
    ...pairs('photos.json', photos, 'photos/pred', 'photos/target'),
    ...pairs('masks.json', masks.hard, 'masks/pred', 'masks/target'),
    ...pairs('masks.json', masks.soft_from_prob, 'masks/prob', 'masks/target'),
    ...emptyMasks(masks.empty_hard_masks),
    ...formulas(),
  ];
}

function pairs(from: string, cases: readonly PairCase[], pred: string, target: string): FixtureCase[] {
  return cases.flatMap(({loss, tolerance, values}) =>
    Object.entries(values).map(([key, value]) => ({
      from,
      loss,
      key,
      value,
      tolerance,
      rasters: async () => ({pred: await png(`${pred}/${key}.png`), target: await png(`${target}/${key}.png`)}),
    })),
  );
}

function emptyMasks(byKey: EmptyMasks): FixtureCase[] {
  return Object.entries(byKey).flatMap(([key, values]) =>
    Object.entries(values).flatMap(([type, value]) => {
      const number = value === 'undefined' ? Number.NaN : value === 'infinite' ? Infinity : value;
      return pairs('masks.json', [{loss: {type}, tolerance: 0, values: {[key]: number}}], 'masks/pred', 'masks/target');
    }),
  );
}

function formulas(): FixtureCase[] {
  const {tolerance, cases} = readJson('formulas/expected.json') as {
    tolerance: number;
    cases: ({loss: LossConfig; value: number; per_class?: number[]} & Record<string, unknown>)[];
  };
  return cases.map(({loss, value, per_class, ...rest}) => {
    const roles = Object.entries(rest).filter((entry): entry is [string, string] => String(entry[1]).endsWith('.npy'));
    return {
      from: 'formulas/expected.json',
      loss,
      key: roles.map(([, file]) => file).join(' '),
      value,
      tolerance,
      ...(per_class && {perClass: per_class}),
      rasters: async () =>
        Object.fromEntries(roles.map(([role, file]) => [role, readNpy(new URL(`formulas/${file}`, fixtures))])),
    };
  });
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, fixtures), 'utf8'));
}

const decoded = new Map<string, ReturnType<typeof readPng>>();

function png(path: string): ReturnType<typeof readPng> {
  const known = decoded.get(path) ?? readPng(new URL(path, fixtures));
  decoded.set(path, known);
  return known;
}
