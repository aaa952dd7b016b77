import {expect, test} from 'vitest';
import {type Circumstances, differencesOf} from '../../src/gate/differences.js';

const base: Circumstances = {
  version: '1.0.0',
  device: {name: 'cpu', gpu: false},
  config: {
    task: 'photo',
    inputs: {pred: 'a'},
    report: {dir: 'r'},
    losses: [{type: 'mse'}, {type: 'ssim', id: 'similarity', color: 'rgb', range: [0, 1]}],
  },
};

test('the same circumstances: nothing; where files lie is no difference', () => {
  expect(differencesOf(base, base)).toEqual([]);
  const moved = {...base, config: {...base.config, inputs: {pred: 'b'}, report: {dir: 'other'}}};
  expect(differencesOf(base, moved)).toEqual([]);
});

test('every difference is a line, losses by id whatever their place', () => {
  const other: Circumstances = {
    version: '1.1.0',
    device: {name: 'tensorflow', gpu: true},
    networks: [{network: 'vgg19', weights_sha256: 'a'.repeat(64)}],
    config: {
      task: 'mask',
      losses: [{type: 'ssim', id: 'similarity', color: 'luma', range: [0, 255]}, {type: 'mae'}],
    },
  };
  expect(differencesOf(base, other)).toEqual([
    'version: 1.0.0 in the baseline, 1.1.0 now',
    'device: cpu in the baseline, tensorflow with a GPU now',
    'weights: none in the baseline, vgg19 aaaaaaaaaaaa now',
    'task: photo in the baseline, mask now',
    'losses.mse.type: mse in the baseline, nothing now',
    'losses.similarity.color: rgb in the baseline, luma now',
    'losses.similarity.range: [0,1] in the baseline, [0,255] now',
    'losses.mae.type: nothing in the baseline, mae now',
  ]);
});

test.each(['inputs', 'pairs', 'report', 'gates', 'batch_size', 'device'])('%s may differ', (key) => {
  expect(differencesOf({...base, config: {[key]: 1}}, {...base, config: {[key]: 2}})).toEqual([]);
});

test('values that are null, and a config without losses', () => {
  const [before, now] = [
    {limit: null, losses: 'none'},
    {limit: {min: 1}, losses: 'all'},
  ];
  expect(differencesOf({...base, config: before}, {...base, config: now})).toEqual([
    'limit: null in the baseline, nothing now',
    'losses: none in the baseline, all now',
    'limit.min: nothing in the baseline, 1 now',
  ]);
});

test('several networks', () => {
  const weights = (letter: string) => letter.repeat(64);
  const networks = [
    {network: 'vgg16', weights_sha256: weights('b')},
    {network: 'vgg19', weights_sha256: weights('c')},
  ];
  expect(differencesOf(base, {...base, networks})).toEqual([
    `weights: none in the baseline, vgg16 ${weights('b').slice(0, 12)}, vgg19 ${weights('c').slice(0, 12)} now`,
  ]);
});
