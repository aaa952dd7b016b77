import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {Cell} from '../../../src/rows/row.js';
import {readPng} from '../../png.js';
import {expectClose} from '../close.js';
import {random} from '../random.js';
import {bytes, type LossConfig} from '../score.js';
import {maskRaster, scorer} from './small-masks.js';

const fixtures = new URL('../../../fixtures/', import.meta.url);

const shapes: readonly LossConfig[] = [
  {type: 'hausdorff', percentile: 95},
  {type: 'assd'},
  {type: 'surface-dice'},
  {type: 'boundary-iou', dilation: 2},
  {type: 'boundary-f', tolerance: 1},
  {type: 'cl-dice'},
  {type: 'betti'},
];

describe('empty masks of the fixtures', () => {
  const {empty_hard_masks: cases} = JSON.parse(readFileSync(new URL('masks.json', fixtures), 'utf8')) as {
    empty_hard_masks: Record<string, Record<string, number | 'undefined' | 'infinite'>>;
  };
  const named = new Set(shapes.map(({type}) => type));
  const rows = Object.entries(cases).flatMap(([key, of]) =>
    Object.entries(of).flatMap(([type, expected]) => (named.has(type) ? [{key, type, expected}] : [])),
  );

  test.each(rows)('$type of $key is $expected', async ({key, type, expected}) => {
    const read = (role: string) => readPng(new URL(`masks/${role}/${key}.png`, fixtures));
    const cell = (await scorer({type}))({pred: await read('pred'), target: await read('target')})[''];
    if (expected === 'undefined') expect(cell).toEqual({undefined: 'both masks are empty'});
    else expect(cell).toBe(expected === 'infinite' ? Infinity : expected);
  });
});

/** The mean of the numbers; `none` where there are none. */
function meanOf(cells: readonly Cell[], none: number): number {
  const numbers = cells.filter((cell) => typeof cell === 'number');
  return numbers.length === 0 ? none : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

test.each(shapes)('$type of a sample without a valid pixel is undefined', async (config) => {
  const score = await scorer(config);
  const mask = maskRaster(2, 2, [1, 0, 0, 1]);
  const cells = score({pred: mask, target: mask, ignore: bytes(2, 2, 1, [9, 9, 9, 9])});
  expect(cells['']).toEqual({undefined: 'no valid pixel'});
});

test.each(shapes)('$type sees ignored pixels as background', async (config) => {
  const score = await scorer(config);
  const [pred, target] = [
    [1, 1, 1, 0, 0, 1],
    [1, 1, 0, 1, 0, 1],
  ];
  const ignored = [0, 0, 0, 1, 0, 1];
  const without = (mask: readonly number[]) => maskRaster(2, 3, mask.map((set, i) => set && !ignored[i]).map(Number));
  const cut = score({pred: maskRaster(2, 3, pred), target: maskRaster(2, 3, target), ignore: bytes(2, 3, 1, ignored)});
  expect(cut).toEqual(score({pred: without(pred), target: without(target)}));
});

describe('several classes', () => {
  const ids = [0, 3, 4, 9];
  const classes = ids.map((id) => ({id, name: `c.${id}`}));
  const next = random(31);
  const samples = Array.from({length: 60}, () => {
    const [height, width, held] = [2 + Math.floor(8 * next()), 2 + Math.floor(8 * next()), 1 + Math.floor(3 * next())];
    const map = () => Array.from({length: height * width}, () => ids[Math.floor(next() * next() * held)] as number);
    return {height, width, pred: map(), target: map().map((id) => (next() < 0.1 ? 255 : id))};
  });

  test.each(shapes.flatMap((config) => [config, {...config, background: false}]))(
    '%j is the mean of its classes, each as a binary run scores it',
    async (config) => {
      const [several, binary] = [await scorer(config, classes), await scorer({...config, background: true})];
      const scored = classes.filter(({id}) => id !== 0 || !('background' in config));
      for (const {height, width, pred, target} of samples) {
        const raster = (map: readonly number[]) => bytes(height, width, 1, map);
        const ignore = raster(target.map((id) => Number(id === 255)));
        const alone = scored.map(({id}) => {
          const is = (map: readonly number[]) => raster(map.map((of) => Number(of === id)));
          const held = pred.some((of, i) => target[i] !== 255 && [of, target[i]].includes(id));
          const {
            '': value = null,
            beta0: _,
            beta1: __,
            ...counts
          } = binary({pred: is(pred), target: is(target), ignore});
          return {value: held ? value : 'n/a', counts};
        });
        const {'': value, beta0: _, beta1: __, ...columns} = several({pred: raster(pred), target: raster(target)});
        const expected = scored.flatMap(({name}, k): [string, Cell][] => [
          [name, alone[k]?.value ?? null],
          ...Object.entries(alone[k]?.counts ?? {}).map(([part, count]): [string, Cell] => [`${name}.${part}`, count]),
        ]);
        expect(columns).toEqual(Object.fromEntries(expected));
        expectClose(
          value,
          meanOf(
            alone.map((of) => of.value),
            config.type === 'betti' ? 0 : Number.NaN,
          ),
        );
      }
    },
  );

  test.each(shapes)('$type of background only, which does not count, says so', async (config) => {
    const score = await scorer({...config, background: false}, classes);
    const none = bytes(2, 3, 1, [0, 0, 0, 0, 0, 0]);
    const expected = config.type === 'betti' ? 0 : {undefined: 'both masks hold background only'};
    expect(score({pred: none, target: none})).toMatchObject({'': expected, 'c.3': 'n/a', 'c.4': 'n/a', 'c.9': 'n/a'});
  });

  test('betti has the means of its terms too', async () => {
    const score = await scorer({type: 'betti', background: false}, classes);
    const pred = bytes(1, 5, 1, [3, 0, 3, 0, 4]);
    const target = bytes(1, 5, 1, [3, 0, 0, 0, 4]);
    expect(score({pred, target})).toEqual({'': 0.5, beta0: 0.5, beta1: 0, 'c.3': 1, 'c.4': 0, 'c.9': 'n/a'});
  });
});
