import {expect, test} from 'vitest';
import {rowReason} from '../../src/run/reasons.js';

test('no reason is empty', () => expect(rowReason([])).toBe(''));

test('losses that say the same say it once, where the first of them stands', () => {
  const reasons = [
    {code: 'labels', id: 'dice', text: 'target has id 9'},
    {code: 'scores', id: 'auroc', text: 'pred has NaN'},
    {code: 'labels', id: 'iou', text: 'target has id 9'},
    {id: 'mcc', text: 'both masks are empty'},
    {id: 'kappa', text: 'both masks are empty'},
  ];
  expect(rowReason(reasons)).toBe(
    'labels: dice, iou: target has id 9; scores: auroc: pred has NaN; mcc, kappa: both masks are empty',
  );
});

test('the same words under another code are another reason', () => {
  expect(
    rowReason([
      {code: 'undefined-value', id: 'dice', text: 'both masks are empty'},
      {id: 'iou', text: 'both masks are empty'},
    ]),
  ).toBe('undefined-value: dice: both masks are empty; iou: both masks are empty');
});
