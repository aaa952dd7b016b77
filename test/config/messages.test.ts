import {expect, test} from 'vitest';
import {datasetLosses} from '../../src/losses/dataset-registry.js';
import {losses} from '../../src/losses/registry.js';
import {mistakeOf, resolveText} from './resolving.js';

const choices = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
const LOSSES = choices([...losses, ...datasetLosses].map(({id}) => id));
const ROLES = choices([
  ...new Set(losses.flatMap(({inputs, optionalInputs}) => Object.keys({...inputs, ...optionalInputs}))),
]);
const KEYS =
  'version, task, preset, classes, palette, inputs, series, match, pairs, embeddings, scores, generators, image, plugins, losses, group_by, allow_missing, gates, baseline, report, device, require_gpu, batch_size, jobs or max_memory';
const ENTRY_KEYS = 'type, id, weight, undefined, color, range or crop_border';

test.each([
  ['losses: [sssim]', `1:10: unknown loss 'sssim', expected ${LOSSES}; did you mean 'ssim'?`],
  ['losses:\n  - type: SSIM\n', `2:11: unknown loss 'SSIM', expected ${LOSSES}; did you mean 'ssim'?`],
  ['losses: [lpips-of-my-own]', `1:10: unknown loss 'lpips-of-my-own', expected ${LOSSES}`],
  ['losses: [toString]', `1:10: unknown loss 'toString', expected ${LOSSES}`],
  ['losses: [{type: __proto__}]', `1:17: unknown loss '__proto__', expected ${LOSSES}`],
  ['losses: [constructor]', `1:10: unknown loss 'constructor', expected ${LOSSES}`],
  ['losses: [{id: a}]', `1:10: losses.0: missing 'type', expected ${LOSSES}`],
  ['losses: [3]', "1:10: losses.0: expected a loss or a map with its 'type', got 3"],
  ['losses: []', '1:9: losses: expected a list that is not empty, got an empty list'],
  ['losses:', '1:8: losses: expected a list, got null; or leave the key out'],
  [
    'losses: [{type: texture, layers: [fire2]}]',
    "1:34: losses.0.layers: expected layers with their weights, as {name: weight}, got ['fire2']",
  ],
  ['report:', '1:8: report: expected a map, got null; or leave the key out'],
  [
    'image: {size: }',
    '1:15: image.size: expected strict, target, crop or [height, width], got null; or leave the key out',
  ],
  ['gates:', '1:7: gates: expected a map, got null; or leave the key out'],
  [
    'gates: {undefined: {max: 0}}',
    '1:26: gates.undefined.max: expected the bounds of an aggregate, as in gates: {mse: {mean: {max: 0.01}}}, got 0',
  ],
  [
    'gates: {mse: 0}',
    '1:14: gates.mse: expected aggregates with their bounds, as in gates: {mse: {mean: {max: 0.01}}}, got 0',
  ],
  [
    'gates: {mse: {groups: {night: {mean: 1}}}}',
    '1:38: gates.mse.groups.night.mean: expected the bounds of an aggregate, as in gates: {mse: {mean: {max: 0.01}}}, got 1',
  ],
  ['losses: [mse, mse]', "1:15: duplicate id 'mse', losses.0 has it already; give one of them another 'id'"],
  [
    'losses:\n  - mse\n  - type: mae\n    id: mse\n',
    "4:9: duplicate id 'mse', losses.0 has it already; give one of them another 'id'",
  ],
  ['losses: [{type: mse, weight: .nan}]', '1:30: losses.0.weight: expected a finite number, got NaN'],
  ['losses: [{type: mse, weight: -.inf}]', '1:30: losses.0.weight: expected a finite number, got -Infinity'],
  ['losses: [{type: mse, weight: 1e999}]', '1:30: losses.0.weight: expected a finite number, got Infinity'],
  [
    'losses: [{type: psnr, weight: 1}]',
    '1:31: losses.0.weight: psnr cannot carry a weight, it has no form that adds up to a total; remove the weight',
  ],
  [
    'losses: [{type: mse, undefined: ignore}]',
    "1:33: losses.0.undefined: expected skip, fail or a finite number, got 'ignore'",
  ],
  [
    'losses: [{type: mse, undefined: .inf}]',
    '1:33: losses.0.undefined: expected skip, fail or a finite number, got Infinity',
  ],
  [
    'losses:\n  - type: mse\n    wieght: 1\n',
    `3:5: unknown key 'wieght' in losses.0, expected ${ENTRY_KEYS}; did you mean 'weight'?`,
  ],
  ['losses: [{type: mse, __proto__: {}}]', `1:22: unknown key '__proto__' in losses.0, expected ${ENTRY_KEYS}`],
  ['losses: [{type: mse, toString: 1}]', `1:22: unknown key 'toString' in losses.0, expected ${ENTRY_KEYS}`],
  [
    'losses: [{type: mse, color: luma9}]',
    "1:29: losses.0.color: expected rgb, luma, luma8 or ycbcr-y, got 'luma9'; did you mean 'luma'?",
  ],
  ['losses: [{type: mse, range: [1, 0]}]', '1:29: losses.0.range: expected [low, high] with low < high, got [1, 0]'],
  [
    'losses: [{type: weighted-cross-entropy, border: {w0: 1, sgima: 5}}]',
    "1:57: unknown key 'sgima' in losses.0.border, expected w0 or sigma; did you mean 'sigma'?",
  ],
  [
    'losses: [{type: weighted-cross-entropy, class_weights: [1, -1]}]',
    '1:60: losses.0.class_weights.1: expected a number of at least 0, got -1',
  ],
  [
    'losses: [{type: weighted-cross-entropy, class_weights: balance}]',
    "1:56: losses.0.class_weights: expected a list, balanced or median-frequency, got 'balance'; did you mean 'balanced'?",
  ],
  ['loses: [mse]', `1:1: unknown key 'loses', expected ${KEYS}; did you mean 'losses'?`],
  ['losses: [mse]\n__proto__: 1', `2:1: unknown key '__proto__', expected ${KEYS}`],
  ['constructor: 1', `1:1: unknown key 'constructor', expected ${KEYS}`],
  [
    'gates: {mse: {mean: {maximum: 1}}}',
    "1:21: gates.mse.mean: expected min, max or both\n<stdin>:1:22: unknown key 'maximum' in gates.mse.mean",
  ],
  ['version: 2', '1:10: version: expected 1, got 2'],
  [
    'task: masks',
    "1:7: task: expected photo, mask, cycle, embedding or adversarial, got 'masks'; did you mean 'mask'?",
  ],
  ['device: gpu', "1:9: device: expected auto, cpu, tensorflow or webgpu, got 'gpu'"],
  ['batch_size: 0', '1:13: batch_size: expected a number of at least 1, got 0'],
  ['batch_size: 1.5', '1:13: batch_size: expected an integer, got 1.5'],
  ['allow_missing: yes', "1:16: allow_missing: expected true or false, got 'yes'"],
  [
    'image: {colour: rgb}',
    "1:9: unknown key 'colour' in image, expected color, alpha, size, orient, icc, page, max_pixels or max_seconds; did you mean 'color'?",
  ],
  [
    'image:\n  alpha: blend #ffffff\n',
    "2:10: image.alpha: expected error, drop or 'blend #rrggbb' (in quotes: a bare # begins a comment), got 'blend'",
  ],
  ['image: {size: smaller}', "1:15: image.size: expected strict, target, crop or [height, width], got 'smaller'"],
  ['image: {size: [0, 2]}', '1:16: image.size.0: expected a number of at least 1, got 0'],
  ['image: 3', '1:8: image: expected a map, got 3'],
  ['inputs: {weight: 3}', '1:18: inputs.weight: expected text, got 3'],
  ['inputs: {wieght: w}', `1:10: unknown key 'wieght' in inputs, expected ${ROLES}; did you mean 'weight'?`],
  ['match: {pred: out}', "1:15: match.pred: expected a pattern that contains {key}, got 'out'"],
  [
    'report: {formats: [csv, pdf]}',
    "1:25: report.formats.1: expected csv, jsonl, parquet, json, html, junit, openmetrics, markdown or metrics, got 'pdf'",
  ],
])('%s', async (text, message) => {
  expect(await mistakeOf(text)).toBe(`<stdin>:${message}`);
});

test.each(['key', 'status', 'reason', 'width', 'height', 'total', '__proto__', 'constructor'])(
  'the id %s is refused',
  async (id) => {
    expect(await mistakeOf(`losses: [{type: mse, id: ${id}}]`)).toBe(
      `<stdin>:1:26: losses.0.id: expected an id other than key, status, reason, width, height, total, which name other columns, got '${id}'`,
    );
  },
);

test.each(['A', 'a.b', 'toString', "''", 'ä', "'a b'"])('the id %s is refused', async (id) => {
  expect(await mistakeOf(`losses: [{type: mse, id: ${id}}]`)).toContain(
    'losses.0.id: expected an id of a-z, 0-9, _ and -',
  );
});

test('every mistake is listed, in the order of the file', async () => {
  const text = 'losses:\n  - sssim\n  - {type: mse, weight: x}\ndevice: gpu\nfoo: 1\n';
  const lines = (await mistakeOf(text)).split('\n');
  expect(lines.map((line) => line.split(': ')[0])).toEqual([
    '<stdin>:2:5',
    '<stdin>:3:25',
    '<stdin>:4:9',
    '<stdin>:5:1',
  ]);
});

test('ten mistakes at most are listed, and their number told', async () => {
  const lines = (await mistakeOf(Array.from({length: 25}, (_, i) => `k${i}: 1`).join('\n'))).split('\n');
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe('… and 15 more');
});

test('control characters and long values do not get into a message', async () => {
  const message = await mistakeOf(`losses: ["a\\n\\e[31m${'x'.repeat(1000)}"]`);
  expect(message).toContain("unknown loss 'a\\u000a\\u001b[31mxxx");
  expect(message).not.toContain('\n');
  expect(message.length).toBeLessThan(800);
});

test('a role that no loss of the config reads', async () => {
  const text = 'inputs: {instances: cells}\nlosses: [mse]';
  expect(await mistakeOf(text)).toBe(
    "<stdin>:1:10: no loss of this config reads the role 'instances', expected pred, target, weight or ignore; it is read by weighted-cross-entropy",
  );
});

test('a role that a loss needs and nothing supplies', async () => {
  expect(await mistakeOf('losses: [ssim, mse]', {flags: {inputs: {pred: 'out'}}})).toBe(
    "loss 'ssim' needs target: give --target or inputs.target",
  );
  expect(await mistakeOf('inputs: {pred: out}\nlosses: [ssim]', {flags: {}})).toBe(
    "<stdin>:1:9: loss 'ssim' needs target: give --target or inputs.target",
  );
});

test('a target that no loss reads is fine, and so is a manifest in place of inputs', async () => {
  const {inputs} = await resolveText('losses: [total-variation]');
  expect(inputs).toEqual({pred: '/data/out', target: '/data/truth'});
  const {pairs} = await resolveText('losses: [mse]', {flags: {pairs: 'pairs.csv'}});
  expect(pairs).toBe('/data/pairs.csv');
});

test('standard input cannot be both the config and the manifest', async () => {
  expect(await mistakeOf('losses: [mse]', {flags: {pairs: '-'}})).toBe(
    '--pairs: standard input holds the config already, expected a file',
  );
});
