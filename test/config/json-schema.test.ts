import {Ajv} from 'ajv';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {configJsonSchema} from '../../src/config/json-schema.js';
import type {ConfigInput} from '../../src/config/resolve.js';
import {losses} from '../../src/losses/registry.js';
import {bothInputs, resolveText} from './resolving.js';

const schema = configJsonSchema();
const validate = new Ajv({strict: true, strictTypes: false}).compile(schema);

/** Whether validation accepts it. */
async function resolves(config: unknown, flags: ConfigInput = {}): Promise<boolean> {
  try {
    await resolveText(JSON.stringify(config), {flags});
    return true;
  } catch {
    return false;
  }
}

test('is draft-07', () => {
  expect(schema).toMatchObject({$schema: 'http://json-schema.org/draft-07/schema#', title: 'cv-loss config'});
});

/** Every `properties` entry of a schema, as `path: entry`. */
function properties(node: unknown, path = ''): [string, Record<string, unknown>][] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const below = properties(value, `${path}/${key}`);
    if (key !== 'properties') return below;
    return [
      ...Object.entries(value as Record<string, Record<string, unknown>>).map(
        ([name, entry]): [string, Record<string, unknown>] => [`${path}/${name}`, entry],
      ),
      ...below,
    ];
  });
}

test('every key that is no role has a description', () => {
  const bare = properties(schema).filter(
    ([path, {description}]) => !description && !/^\/(properties\/)?(inputs|match)\//.test(path),
  );
  expect(bare.map(([path]) => path)).toEqual([]);
});

test.each(losses.map(({id}) => id))('knows the loss %s by its name and as a map', (id) => {
  expect(validate({losses: [id]})).toBe(true);
  expect(validate({losses: [{type: id, id: 'other', undefined: 0}]})).toBe(true);
  expect(validate({losses: [{type: id, nonsense: 1}]})).toBe(false);
});

test('no loss has an option named like a key that all losses have', () => {
  const common = ['type', 'id', 'weight', 'undefined'];
  expect(losses.flatMap(({options}) => Object.keys(options.shape).filter((key) => common.includes(key)))).toEqual([]);
});

test.each([
  {losses: []},
  {losses: ['sssim']},
  {losses: [{type: 'psnr', weight: 1}]},
  {losses: [{type: 'mse', id: 'total'}]},
  {losses: [{type: 'mse', weight: '1'}]},
  {loses: ['mse']},
  {image: {size: [1]}},
  {image: {alpha: 'blend white'}},
  {report: {formats: ['pdf']}},
  {inputs: {wieght: 'a'}},
  {match: {pred: 'a'}},
  {version: 2},
  {batch_size: 0},
  {gates: {mse: {mean: 1}}},
  {baseline: {}},
])('refuses %j, as validation does', async (config) => {
  expect(validate(config)).toBe(false);
  expect(await resolves(config, bothInputs)).toBe(false);
});

/** Values of a key that are right, and ones that are wrong: one in twenty is wrong, so that many configs are right. */
function key(right: unknown[], wrong: unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    {weight: 19, arbitrary: fc.constantFrom(...right)},
    {weight: 1, arbitrary: fc.constantFrom(...wrong)},
  );
}

const common = {
  id: key(['a', 'b-1', 'c_2'], ['total', 'A', '', '__proto__', 7]),
  weight: key([0, 0.5, -1], ['1', null]),
  undefined: key(['skip', 'fail', 2], ['drop', null]),
  crop_border: key([0, 4], [-1, 1.5, '4']),
};

function lossOf(type: string, own: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  return fc.record({type: fc.constant(type), ...common, ...own}, {requiredKeys: ['type']});
}

const entry = fc.oneof(
  {
    weight: 4,
    arbitrary: key(
      losses.map(({id}) => id),
      ['sssim', 'toString', 3, null],
    ),
  },
  {weight: 1, arbitrary: lossOf('mse', {color: key(['luma', 'ycbcr-y'], ['grey', 4])})},
  {weight: 1, arbitrary: lossOf('psnr', {})},
  {weight: 1, arbitrary: lossOf('focal', {gamma: key([0, 2], [-1]), alpha: key([0.25, [0.5, 0.5], null], [2, 'x'])})},
  {
    weight: 1,
    arbitrary: lossOf('weighted-cross-entropy', {
      class_weights: key(['balanced', [1, 2], null], [[-1], 'other']),
      border: key([null, {}, {w0: 1}], [{w1: 1}, 3]),
    }),
  },
  {weight: 1, arbitrary: lossOf('constructor', {})},
);
const image = fc.record(
  {
    color: key(['auto', 'grey'], ['gray']),
    alpha: key(['error', 'blend #00ff99'], ['blend #0f9', 'keep']),
    size: key(['crop', [1, 2]], [[0, 2], [1], [1, 2, 3], 'none', 5]),
    orient: key([true, false], ['yes']),
    icc: key(['ignore', 'convert'], ['sRGB', true]),
    page: key([0, 7, null], [-1, 1.5, '0']),
    max_pixels: key([1, 1e9], [0, 1.5]),
    max_seconds: key([0.5, 60], [0, '60']),
  },
  {requiredKeys: []},
);
const both = {pred: 'a', target: 'b'};
const config = fc.record(
  {
    version: key([1], [2, '1']),
    task: key(['photo', 'mask'], ['masks']),
    preset: key([null, 'johnson2016'], ['johnson', 7]),
    classes: key([2, {0: 'a', 7: 'b'}, null], [1, {a: 'b'}, []]),
    palette: key([null], ['vocs', {a: 'red'}]),
    inputs: key([both, {...both, weight: 'c'}], [{...both, pred: ''}, {...both, prd: 'a'}, 'a', null]),
    match: key([{}, {pred: '{key}_x'}], [{pred: 'x'}]),
    pairs: key(['p.csv', null], ['', 1]),
    image,
    losses: fc.array(entry, {maxLength: 3}),
    group_by: key(['{dir}', null], ['', 1]),
    allow_missing: key([true], [1]),
    report: key([{}, {dir: null}, {dir: 'r', formats: ['csv']}], [{formats: []}, {formats: ['xml']}, {dirs: 'r'}]),
    device: key(['auto', 'cpu'], ['gpu']),
    batch_size: key([1, null], [0, 1.5]),
    jobs: key([1, null], [0, 1.5]),
    max_memory: key(['4GiB', '500MB', '1.5 g', 7e9, null], ['4 pounds', 'GiB', '4ib', 0, 1.5]),
  },
  {requiredKeys: ['inputs']},
);

/** Ids that occur twice span keys, which JSON Schema cannot say. */
function hasDuplicateIds({losses: entries = []}: {losses?: unknown[]}): boolean {
  const ids = entries.map((loss) => {
    const {id, type} =
      typeof loss === 'object' && loss !== null ? (loss as {id?: unknown; type?: unknown}) : {type: loss};
    return id ?? type;
  });
  return new Set(ids).size < ids.length;
}

/** A weight map that no loss of the config reads spans keys as well. */
function hasUnreadWeight({inputs, losses: entries}: {inputs?: unknown; losses?: unknown[]}): boolean {
  if (typeof inputs !== 'object' || inputs === null || !('weight' in inputs) || !entries?.length) return false;
  return !entries.some((entry) => {
    const type = typeof entry === 'object' && entry !== null ? (entry as {type?: unknown}).type : entry;
    return losses.some(({id, optionalInputs = {}}) => id === type && 'weight' in optionalInputs);
  });
}

/** So does a role that a loss needs beside pred and target. */
function hasMissingRole({losses: entries = []}: {losses?: unknown[]}): boolean {
  return entries.some((entry) => {
    const type = typeof entry === 'object' && entry !== null ? (entry as {type?: unknown}).type : entry;
    return losses.some(({id, inputs}) => id === type && Object.keys(inputs).some((role) => !(role in both)));
  });
}

/** And a preset beside losses. */
function hasHiddenPreset({preset, losses: entries}: {preset?: unknown; losses?: unknown[]}): boolean {
  return (preset ?? null) !== null && entries !== undefined;
}

test('accepts exactly what validation accepts', async () => {
  const seen = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(config, async (made) => {
      fc.pre(![hasDuplicateIds, hasUnreadWeight, hasMissingRole, hasHiddenPreset].some((spans) => spans(made)));
      // Through JSON text, as both read it: no undefined, own keys only.
      const written: unknown = JSON.parse(JSON.stringify(made));
      const accepted = await resolves(written);
      expect(accepted, JSON.stringify(written)).toBe(validate(written));
      seen.add(accepted);
    }),
    {numRuns: 1000},
  );
  expect([...seen].sort()).toEqual([false, true]);
});
