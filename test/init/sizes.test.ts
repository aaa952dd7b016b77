import {describe, expect, test} from 'vitest';
import type {SizePair} from '../../src/init/look.js';
import {spread} from '../../src/init/look.js';
import {relateSizes} from '../../src/init/sizes.js';

/** `20x10/40x20`: the prediction, then the target. */
function pair(text: string): SizePair {
  const [pred, target] = text.split('/').map((side) => {
    const [width = 0, height = 0] = side.split('x').map(Number);
    return {width, height};
  });
  return {pred: pred ?? {width: 0, height: 0}, target: target ?? {width: 0, height: 0}};
}

describe('how sizes relate', () => {
  test.each<[string[], object]>([
    [[], {kind: 'same'}],
    [['20x10/20x10', '7x5/7x5'], {kind: 'same'}],
    [['20x10/80x40', '7x5/28x20'], {kind: 'factor', larger: 'target', factor: 4}],
    [['40x20/20x10', '8x8/8x8'], {kind: 'factor', larger: 'pred', factor: 2}],
    [['100x90/108x98', '50x60/58x68'], {kind: 'border', larger: 'target', columns: 8, rows: 8}],
    [['10x10/10x12'], {kind: 'border', larger: 'target', columns: 0, rows: 2}],
    [['20x10/40x20', '20x10/60x30'], {kind: 'differ'}],
    [['20x10/30x10', '20x10/10x20'], {kind: 'differ'}],
    [['20x10/10x20'], {kind: 'differ'}],
  ])('%j', (pairs, relation) => expect(relateSizes(pairs.map(pair))).toEqual(relation));
});

describe('samples that are looked at', () => {
  const numbers = Array.from({length: 1000}, (_, i) => i);

  test('all when they are few', () => expect(spread([1, 2, 3], 5)).toEqual([1, 2, 3]));

  test('else evenly from the first to the last, each once', () => {
    expect(spread(numbers, 5)).toEqual([0, 250, 500, 749, 999]);
    for (const count of [1001, 1000, 999, 51, 50]) {
      expect(new Set(spread(numbers, count)).size).toBe(Math.min(count, 1000));
    }
  });
});
