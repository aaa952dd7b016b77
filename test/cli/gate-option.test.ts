import {InvalidArgumentError} from 'commander';
import {describe, expect, test} from 'vitest';
import {collectGate, type GateFlags} from '../../src/cli/gate-option.js';
import {collectLimit, type Limits} from '../../src/cli/limit-option.js';

const gates = (...flags: string[]) =>
  flags.reduce<GateFlags | undefined>((all, flag) => collectGate(flag, all), undefined);
const limits = (...flags: string[]) =>
  flags.reduce<Limits | undefined>((all, flag) => collectLimit(flag, all), undefined);

describe('--gate', () => {
  test('the aggregate after the last dot, value where there is none', () => {
    expect(gates('mse.mean<=0.01', 'ssim >= .95', 'iou.road.p05>=1e-3', 'iou.max<=1', 'iou.max>=0')).toEqual({
      mse: {mean: {max: 0.01}},
      ssim: {value: {min: 0.95}},
      'iou.road': {p05: {min: 0.001}},
      iou: {max: {min: 0, max: 1}},
    });
  });

  test.each(['mse', 'mse<0.1', 'mse=0.1', '<=1', 'mse<=', 'mse<=low', 'mse.mean<=1<=2', 'a b<=1'])(
    '%s is refused',
    (flag) => {
      expect(() => collectGate(flag)).toThrow(InvalidArgumentError);
    },
  );

  test('the same bound twice is refused', () => {
    expect(() => gates('mse<=1', 'mse.value<=2')).toThrow(/mse\.value has that bound already/);
  });

  test('names that objects have are columns like any other', () => {
    expect(Object.keys(gates('__proto__<=1', 'constructor.mean<=1') ?? {})).toEqual(['__proto__', 'constructor']);
  });
});

describe('--limit', () => {
  test('absolute, relative, and for all', () => {
    expect(limits('mse=0.001', 'mse=5%', 'iou.road=.5', '2%', '1e-6')).toEqual({
      limits: {mse: {absolute: 0.001, relative: 0.05}, 'iou.road': {absolute: 0.5}},
      limit: {relative: 0.02, absolute: 1e-6},
    });
  });

  test.each(['mse', 'mse=', 'mse=-1', 'mse=%', '=1', '%', 'mse=1%%'])('%s is refused', (flag) => {
    expect(() => collectLimit(flag)).toThrow(InvalidArgumentError);
  });
});
