import {describe, expect, test} from 'vitest';
import {PRESET_NAMES, PRESETS} from '../../src/config/presets.js';
import {resolveConfig} from '../../src/config/resolve.js';
import {losses} from '../../src/losses/registry.js';
import {bothInputs, mistakeOf, resolveText} from './resolving.js';

/** Inputs that satisfy the losses of a preset. */
const inputsOf = (preset: (typeof PRESET_NAMES)[number]) => ({
  inputs: {...bothInputs.inputs, ...(preset === 'gatys2016' ? {style: 'style.png'} : {})},
});
const withStyle = inputsOf('gatys2016');

const ids = (config: {readonly losses: readonly {readonly id: string}[]}) => config.losses.map(({id}) => id);

test('a preset gives the losses, and the task where it has one', async () => {
  for (const preset of PRESET_NAMES) {
    const config = await resolveConfig({cwd: '/data', flags: {...inputsOf(preset), preset}});
    expect(ids(config), preset).toEqual(PRESETS[preset].losses.map(({type}) => type));
    expect(config.task).toBe(preset === 'mosinska2017' ? 'mask' : 'photo');
    expect(config.forMasks).toBeNull();
  }
});

test('a config may name one; flag and --set come before the file', async () => {
  expect(ids(await resolveText('preset: mosinska2017'))).toEqual(['topology']);
  const flags = {...withStyle, preset: 'gatys2016' as const};
  expect(ids(await resolveText('preset: mosinska2017', {flags}))).toEqual(['content-style']);
  expect(ids(await resolveText('preset: mosinska2017', {flags: withStyle, set: ['preset=gatys2016']}))).toEqual([
    'content-style',
  ]);
  expect(ids(await resolveText('preset: null'))).toEqual(['mse', 'mae', 'psnr', 'ssim']);
});

test('the file comes before the preset', async () => {
  const config = await resolveText('preset: mosinska2017\ntask: photo\ndevice: cpu');
  expect(config).toMatchObject({task: 'photo', device: 'cpu'});
});

test('a setting reaches into the losses of a preset', async () => {
  const config = await resolveText('preset: johnson2016', {
    set: ['losses.perceptual.weights=vgg16.safetensors', 'losses.2.weight=0'],
  });
  expect(config.losses[0]?.options).toMatchObject({network: 'vgg16', weights: '/data/vgg16.safetensors'});
  expect(config.losses.map(({weight}) => weight)).toEqual([1, 5, 0]);
});

test('an unknown preset: the names, and the nearest', async () => {
  const expected = `expected ${PRESET_NAMES.slice(0, -1).join(', ')} or ${PRESET_NAMES.at(-1)}`;
  expect(await mistakeOf('preset: johnson')).toBe(`<stdin>:1:9: preset: ${expected}, got 'johnson'`);
  const flags = {...bothInputs, preset: 'jonson2016'} as never;
  expect(await mistakeOf('device: cpu', {flags})).toBe(
    `--preset: ${expected}, got 'jonson2016'; did you mean 'johnson2016'?`,
  );
});

describe('losses beside a preset', () => {
  const refusal = (where: string) =>
    `losses are written too (${where}), and would replace those of the preset; remove one of the two`;

  test('are refused', async () => {
    expect(await mistakeOf('losses: [mse]\npreset: gatys2016')).toBe(`<stdin>:2:9: ${refusal('<stdin>:1:9')}`);
    const preset = {...bothInputs, preset: 'gatys2016' as const};
    expect(await mistakeOf('losses: [mse]', {flags: preset})).toBe(`--preset: ${refusal('<stdin>:1:9')}`);
    expect(await mistakeOf('device: cpu', {flags: {...preset, losses: ['mse']}})).toBe(
      `--preset: ${refusal('--losses')}`,
    );
    expect(await mistakeOf('losses: [mse]', {set: ['preset=gatys2016']})).toBe(
      `--set preset=gatys2016: ${refusal('<stdin>:1:9')}`,
    );
  });

  test('of flags replace the preset of a file', async () => {
    expect(ids(await resolveText('preset: gatys2016', {flags: {...bothInputs, losses: ['mse']}}))).toEqual(['mse']);
  });
});

test('the weights are those of the papers and their code', () => {
  const [, texture, variation] = PRESETS.johnson2016.losses;
  // nn.MSECriterion averages over the C·C entries of a Gram matrix.
  const channels = {relu1_2: 64, relu2_2: 128, relu3_3: 256, relu4_3: 512};
  for (const [layer, count] of Object.entries(channels)) {
    expect((texture.layers as Record<string, number>)[layer]).toBe(1 / (count * count));
  }
  expect(variation.weight).toBeCloseTo((1e-6 * 255 ** 2) / 2, 12);
  const [style] = PRESETS.gatys2016.losses;
  expect(style.alpha / style.beta).toBeCloseTo(1e-3 * 0.5 * 512 * (512 / 8) ** 2, 9);
});

test('every loss of a preset exists', () => {
  const known = new Set(losses.map(({id}) => id));
  for (const name of PRESET_NAMES) for (const {type} of PRESETS[name].losses) expect(known).toContain(type);
});
