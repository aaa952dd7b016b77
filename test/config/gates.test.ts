import {describe, expect, test} from 'vitest';
import {gateRules, gatesSchema} from '../../src/config/gates.js';

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
