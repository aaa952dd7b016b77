import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {ascendingPlaces, TextList} from '../../src/samples/text-list.js';

/** Texts that often begin alike, some with halves of surrogate pairs. */
const texts = fc.array(
  fc.oneof(
    fc.stringMatching(/^a{0,3}b{0,3}[a-c]{0,2}$/),
    fc.string({unit: 'binary', maxLength: 6}),
    fc.constantFrom('', '\ud83d', '\ud83d\ude00', '\ud83d\ude01', 'é', 'e\u0301'),
  ),
  {maxLength: 300},
);

const listOf = (all: readonly string[]) => {
  const list = new TextList();
  for (const text of all) list.push(text);
  return list;
};

describe('a list of texts', () => {
  test('gives them as they were, in order and in any other', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(320)), (all, places) => {
        const list = listOf(all);
        expect(list.length).toBe(all.length);
        expect([...list]).toEqual(all);
        for (const place of places) expect(list.at(place)).toBe(all[place]);
        expect(list.at(-1)).toBeUndefined();
      }),
      {numRuns: 300},
    );
  });

  test('gives long ones as they were, alike or not, after a block of short ones', () => {
    const short = Array.from({length: 70}, (_, i) => `a${i}`);
    const long = fc.array(fc.tuple(fc.nat(2), fc.constantFrom(0, 1, 254, 255, 256, 300, 70_000), fc.nat(9)), {
      maxLength: 140,
    });
    fc.assert(
      fc.property(long, (parts) => {
        const all = [...short, ...parts.map(([unit, count, end]) => `${'xyz'[unit]}`.repeat(count) + end)];
        const list = listOf(all);
        expect([...list]).toEqual(all);
        for (let place = all.length - 1; place >= 0; place -= 7) expect(list.at(place)).toBe(all[place]);
      }),
      {numRuns: 50},
    );
  });

  test('can be read while it grows', () => {
    const list = new TextList();
    for (let i = 0; i < 1000; i++) {
      list.push(`sub/frame-${i}`);
      expect(list.at(i)).toBe(`sub/frame-${i}`);
      expect(list.at(i >> 1)).toBe(`sub/frame-${i >> 1}`);
    }
  });

  test('sorts by code unit, equal ones as they came', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const expected = all
          .map((_, place) => place)
          .sort((a, b) => order(all[a] as string, all[b] as string) || a - b);
        expect([...ascendingPlaces(listOf(all))]).toEqual(expected);
        const sorted = [...all].sort();
        expect([...ascendingPlaces(listOf(sorted))]).toEqual(sorted.map((_, place) => place));
      }),
      {numRuns: 300},
    );
  });
});

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
