import {expect, test} from 'vitest';
import {mistakeOf, resolveText} from './resolving.js';

test('reaches a key of a loss by index and by id', async () => {
  const config = await resolveText('losses: [mse, {type: ssim, id: structure}]', {
    set: ['losses.0.weight=2', 'losses.structure.color=luma', 'losses.mse.id=error'],
  });
  expect(config.losses.map(({id, weight, options}) => [id, weight, options.color])).toEqual([
    ['error', 2, 'rgb'],
    ['structure', undefined, 'luma'],
  ]);
});

test('reaches into the default losses, and into those of a flag', async () => {
  const defaults = await resolveText('device: cpu', {set: ['losses.ssim.weight=0.5']});
  expect(defaults.losses.map(({weight}) => weight)).toEqual([undefined, undefined, undefined, 0.5]);
  const flags = {inputs: {pred: 'a', target: 'b'}, losses: ['mae', 'ssim']};
  const flagged = await resolveText('losses: [mse]', {flags, set: ['losses.ssim.weight=0.5', 'losses=[rmse]']});
  expect(flagged.losses.map(({id, weight}) => [id, weight])).toEqual([
    ['mae', undefined],
    ['ssim', 0.5],
  ]);
});

test('creates missing maps, replaces lists, takes YAML values', async () => {
  const config = await resolveText('losses: [mse]', {
    set: [
      'image.size=[32, 64]',
      'image.alpha=blend #00ff00',
      'report.formats=[jsonl]',
      'report.dir=null',
      'losses=[{type: weighted-cross-entropy}]',
      'losses.0.border.w0=3',
      'group_by="{dir}"',
      'allow_missing=true',
    ],
  });
  expect(config.image).toMatchObject({size: [32, 64], alpha: 'blend #00ff00'});
  expect(config.report).toMatchObject({dir: null, formats: ['jsonl']});
  expect(config.losses[0]?.options.border).toEqual({w0: 3, sigma: 5});
  expect(config).toMatchObject({group_by: '{dir}', allow_missing: true});
});

test('replaces an entry of a list', async () => {
  const config = await resolveText('losses: [mse, mae]', {set: ['losses.1=psnr']});
  expect(config.losses.map(({id}) => id)).toEqual(['mse', 'psnr']);
});

test.each([
  ['losses.0.weight=x', ": expected a finite number, got 'x'"],
  [
    'losses.0.wieght=1',
    ": unknown key 'wieght' in losses.0, expected type, id, weight, undefined, color, range or crop_border; did you mean 'weight'?",
  ],
  [
    'losses.0.__proto__.x=1',
    ": unknown key '__proto__' in losses.0, expected type, id, weight, undefined, color, range or crop_border",
  ],
  ['losses.2.weight=1', ': losses has 2 entries, the last is 1'],
  ['losses.-1.weight=1', ": no loss with the id '-1', expected mse or mae"],
  ['losses.mea.weight=1', ": no loss with the id 'mea', expected mse or mae; did you mean 'mae'?"],
  ['losses.maee.weight=1', ": no loss with the id 'maee', expected mse or mae; did you mean 'mae'?"],
  ['losses.length=1', ": no loss with the id 'length', expected mse or mae"],
  ['task.photo=1', ": task is 'photo', which has no 'photo'"],
  ['report.formats.first=csv', ": report.formats is a list, expected an index, got 'first'"],
  ['image.size=[1', ': not YAML: Flow sequence must end with a ]'],
  ['device', ': expected path=value, such as losses.0.weight=2'],
  ['device=', ': expected path=value, such as losses.0.weight=2'],
  ['=cpu', ': expected path=value, such as losses.0.weight=2'],
  ['image..size=crop', ': expected path=value, such as losses.0.weight=2'],
])('--set %s', async (set, message) => {
  const text = 'losses: [mse, mae]\ntask: photo\nreport: {formats: [csv]}';
  expect(await mistakeOf(text, {set: [set]})).toBe(`--set ${set}${message}`);
});
