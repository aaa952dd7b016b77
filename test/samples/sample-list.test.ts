import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {Sample} from '../../src/samples/sample.js';
import {placeOf, placesOf, SampleList} from '../../src/samples/sample-list.js';

const path = fc.string({minLength: 1, maxLength: 8}).map((name) => `/data/${name}`);
const files = fc.record(
  {pred: fc.oneof(path, fc.constant('/one')), target: path, weight: path},
  {requiredKeys: ['pred', 'target']},
);
const tables = fc
  .tuple(fc.uniqueArray(fc.string({maxLength: 5})), fc.boolean())
  .chain(([keys, grouped]) =>
    fc.tuple(
      ...keys
        .sort()
        .map((key) =>
          fc.record({key: fc.constant(key), files, ...(grouped ? {group: fc.constantFrom('', 'g', 'h')} : {})}),
        ),
    ),
  );

test('a list of samples gives them as they were, some of them too, and finds them by key', () => {
  fc.assert(
    fc.property(tables, (samples: readonly Sample[]) => {
      const shared = {style: '/style.png'};
      const list = new SampleList(shared);
      for (const sample of samples) list.push(sample);
      const expected = samples.map((sample) => ({...sample, files: {...sample.files, ...shared}}));
      expect(list.length).toBe(samples.length);
      expect([...list]).toEqual(expected);
      expect(list.map(({key}, place) => [key, place])).toEqual(samples.map(({key}, place) => [key, place]));
      const some = (sample: Sample) => sample.key.length % 2 === 0;
      expect([...list.filter(some)]).toEqual(expected.filter(some));
      for (const place of placesOf(list)) expect(placeOf(list, samples[place]?.key as string)).toBe(place);
      expect(placeOf(list, 'longer than any')).toBe(-1);
      expect(list.at(samples.length)).toBeUndefined();
    }),
    {numRuns: 200},
  );
});

test('a role may have a file for each class', () => {
  const list = new SampleList();
  list.push({key: 'a', files: {target: '/t/a', pred: ['/0/a', '/1/a']}});
  list.push({key: 'b', files: {target: '/t/b', pred: ['/0/b', '/1/b']}});
  expect([...list]).toEqual([
    {key: 'a', files: {target: '/t/a', pred: ['/0/a', '/1/a']}},
    {key: 'b', files: {target: '/t/b', pred: ['/0/b', '/1/b']}},
  ]);
});
