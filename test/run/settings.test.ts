import {resolve} from 'node:path';
import {expect, test} from 'vitest';
import {type RunConfig, runSettings} from '../../src/run/settings.js';

const config: RunConfig = {
  image: {
    color: 'grey',
    alpha: 'drop',
    size: [4, 5],
    orient: false,
    icc: 'convert',
    page: 2,
    max_pixels: 1e6,
    max_seconds: 9,
  },
  classes: [{id: 0, name: 'road'}],
  palette: [{colour: 0x804080, id: 0}],
  losses: [],
  device: 'auto',
  batch_size: 7,
  jobs: 3,
  max_memory: 2 ** 30,
};

test('a config under the names of the rooms below', () => {
  expect(runSettings(config, '/data')).toEqual({
    image: {
      color: 'grey',
      alpha: 'drop',
      orient: false,
      icc: 'convert',
      page: 2,
      maxPixels: 1e6,
      palette: new Map([[0x804080, 0]]),
    },
    classes: [{id: 0, name: 'road'}],
    size: [4, 5],
    losses: [],
    device: 'auto',
    requireGpu: false,
    batchSize: 7,
    jobs: 3,
    maxSeconds: 9,
    memory: {total: 2 ** 30, waiting: 2 ** 28, pixels: 2 ** 22},
    cwd: resolve('/data'),
    generators: null,
  });
  expect(runSettings(config).cwd).toBe(process.cwd());
});

test.each([
  ['error', 'error'],
  ['drop', 'drop'],
  ['blend #000000', {blend: [0, 0, 0]}],
  ['blend #ff8001', {blend: [255, 128, 1]}],
  ['blend #ABCDEF', {blend: [171, 205, 239]}],
] as const)('alpha: %s', (alpha, policy) => {
  expect(runSettings({...config, image: {...config.image, alpha}}).image.alpha).toEqual(policy);
});
