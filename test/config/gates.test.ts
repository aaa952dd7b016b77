import {describe, expect, test} from 'vitest';
import {gateFlags, gateRules, gatesSchema} from '../../src/config/gates.js';
import {UsageError} from '../../src/errors.js';

const rulesOf = (gates: unknown) => gateRules(gatesSchema.parse(gates));

describe('gates of a config', () => {
  test('bounds by aggregate, a share, groups, levels', () => {
    const made = rulesOf({
      mse: {mean: {max: 0.01}, p95: {min: 0, max: 0.05}},
      'iou.road': {
        level: 'warn',
        share: {min: 0.5, at_least: 0.95},
        groups: {'*': {mean: {min: 0.4}}, night: {level: 'error', value: {min: 0.3}}},
      },
    });
    expect(made).toEqual([
      {column: 'mse', group: null, level: 'error', measure: {statistic: 'mean'}, bounds: {min: null, max: 0.01}},
      {column: 'mse', group: null, level: 'error', measure: {statistic: 'p95'}, bounds: {min: 0, max: 0.05}},
      {
        column: 'iou.road',
        group: null,
        level: 'warn',
        measure: {share: {min: 0.5, max: null}},
        bounds: {min: 0.95, max: null},
      },
      {column: 'iou.road', group: '*', level: 'warn', measure: {statistic: 'mean'}, bounds: {min: 0.4, max: null}},
      {
        column: 'iou.road',
        group: 'night',
        level: 'error',
        measure: {statistic: 'value'},
        bounds: {min: 0.3, max: null},
      },
    ]);
  });

  test('what is off is left out', () => {
    expect(rulesOf({mse: {level: 'off', mean: {max: 0}, groups: {a: {mean: {max: 1}}}}})).toEqual([]);
  });

  test.each([
    [{mse: {mean: {}}}],
    [{mse: {mean: 0.01}}],
    [{mse: {mean: {most: 1}}}],
    [{mse: {share: {max: 1}}}],
    [{mse: {share: {at_least: 1}}}],
    [{mse: {level: 'fatal'}}],
  ])('%j is refused', (gates) => {
    expect(gatesSchema.safeParse(gates).success).toBe(false);
  });
});

describe('--gate', () => {
  test('the aggregate after the last dot, value where there is none', () => {
    expect(gateFlags(['mse.mean<=0.01', 'ssim >= .95', 'iou.road.p05>=1e-3', 'iou.max<=1', 'iou.max>=0'])).toEqual({
      mse: {mean: {max: 0.01}},
      ssim: {value: {min: 0.95}},
      'iou.road': {p05: {min: 0.001}},
      iou: {max: {min: 0, max: 1}},
    });
  });

  test.each(['mse', 'mse<0.1', 'mse=0.1', '<=1', 'mse<=', 'mse<=low', 'mse.mean<=1<=2', 'a b<=1'])(
    '%s is refused',
    (flag) => {
      expect(() => gateFlags([flag])).toThrow(UsageError);
    },
  );

  test('the same bound twice is refused', () => {
    expect(() => gateFlags(['mse<=1', 'mse.value<=2'])).toThrow(/mse\.value has that bound already/);
  });

  test('names that objects have are columns like any other', () => {
    expect(Object.keys(gateFlags(['__proto__<=1', 'constructor.mean<=1']))).toEqual(['__proto__', 'constructor']);
  });
});
