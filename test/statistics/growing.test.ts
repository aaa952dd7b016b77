import {expect, test} from 'vitest';
import {GrowingFloat64} from '../../src/statistics/growing.js';

test('holds what was pushed, in order, at any length', () => {
  const growing = new GrowingFloat64();
  expect(growing.length).toBe(0);
  expect(growing.view()).toEqual(new Float64Array());
  const pushed: number[] = [];
  for (let i = 0; i < 300; i++) {
    pushed.push(i / 3);
    growing.push(i / 3);
    expect(growing.length).toBe(i + 1);
    expect(growing.view()[i]).toBe(i / 3);
  }
  expect([...growing.view()]).toEqual(pushed);
});

test('takes twice the room each time, so that pushing a million is quick', () => {
  const growing = new GrowingFloat64();
  for (let i = 0; i < 1000; i++) growing.push(i);
  // 64 doubled four times.
  expect(growing.view().buffer.byteLength).toBe(1024 * 8);
});
