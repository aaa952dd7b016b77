import {expect, test} from 'vitest';
import {boundsText, ruleName} from '../../src/gate/rule.js';

test.each([
  [null, null, ''],
  [0.5, null, 'at least 0.5'],
  [null, 0.01, 'at most 0.01'],
  [0, 1, 'at least 0 and at most 1'],
])('bounds %s and %s: "%s"', (min, max, text) => {
  expect(boundsText({min, max})).toBe(text);
});

test.each([
  ['mse', null, {statistic: 'mean'}, 'mse.mean'],
  ['iou.road', null, {share: {min: null, max: 1}}, 'iou.road.share'],
  ['mse', 'night', {statistic: 'p95'}, 'mse.p95 of group night'],
  ['mse', '*', {share: {min: 0, max: null}}, 'mse.share of group *'],
])('a rule on %s of group %s: %j is called %s', (column, group, measure, name) => {
  expect(ruleName({column, group, measure})).toBe(name);
});
