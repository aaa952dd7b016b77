import {expect, test} from 'vitest';
import {requiredRoles, usedReadings} from '../../src/config/config.js';
import {plainConfig} from '../../src/config/plain.js';
import {resolveText} from './resolving.js';

test('the record of a config is JSON, options included', async () => {
  const config = await resolveText(
    'losses: [{type: total-variation, id: tv, weight: 2, undefined: 0}]\nreport: {dir: r}',
  );
  expect(plainConfig(config, '/data')).toStrictEqual({
    task: 'photo',
    classes: null,
    palette: null,
    inputs: {pred: 'out', target: 'truth'},
    match: {},
    pairs: null,
    image: {
      color: 'auto',
      alpha: 'error',
      size: 'strict',
      orient: true,
      icc: 'ignore',
      page: null,
      max_pixels: 64_000_000,
    },
    plugins: [],
    losses: [
      {
        type: 'total-variation',
        id: 'tv',
        weight: 2,
        undefined: 0,
        color: 'rgb',
        crop_border: 0,
        mode: 'anisotropic',
        range: [0, 1],
        reduction: 'sum',
      },
    ],
    group_by: null,
    allow_missing: false,
    device: 'auto',
  });
});

test('the same work written in another order has the same record', async () => {
  const one = await resolveText('losses: [{type: mse, color: luma, crop_border: 1}]\nimage: {size: crop, color: grey}');
  const other = await resolveText(
    'image: {color: grey, size: crop}\nlosses: [{crop_border: 1, color: luma, type: mse}]',
  );
  expect(JSON.stringify(plainConfig(one, '/data'))).toBe(JSON.stringify(plainConfig(other, '/data')));
});

test('a recorded config resolves to itself', async () => {
  const config = await resolveText('losses: [ssim, {type: weighted-cross-entropy, border: {}}]');
  const again = await resolveText(JSON.stringify(plainConfig(config, '/data')), {flags: {}});
  expect(plainConfig(again, '/data')).toEqual(plainConfig(config, '/data'));
});

test('roles and how they are read', async () => {
  const config = await resolveText('losses: [mse, cross-entropy]');
  expect([...requiredRoles(config)].sort()).toEqual(['pred', 'target']);
  const readings = usedReadings(config);
  expect([...(readings.get('pred') ?? [])].sort()).toEqual(['pixels', 'scores']);
  expect([...(readings.get('target') ?? [])].sort()).toEqual(['labels', 'pixels']);
  expect(readings.get('instances')).toBeUndefined();
});
