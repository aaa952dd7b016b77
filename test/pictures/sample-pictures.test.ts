import {expect, test} from 'vitest';
import {OVERLAY_COLOURS} from '../../src/pictures/mask-picture.js';
import {samplePictures} from '../../src/pictures/sample-pictures.js';
import {bytes, floats} from '../losses/score.js';

const noColour = () => 0;

function hex(picture: {readonly data: Uint8Array} | undefined): string[] {
  const data = Buffer.from(picture?.data ?? []);
  return Array.from({length: data.length / 3}, (_, i) => data.subarray(3 * i, 3 * i + 3).toString('hex'));
}

test('photographs as they are, and how far apart they are, one level visibly', () => {
  const pred = bytes(1, 3, 1, [0, 100, 255]);
  const target = bytes(1, 3, 1, [0, 101, 0]);
  const pictures = samplePictures({pred, target}, null, noColour);
  expect(hex(pictures.pred)).toEqual(['000000', '646464', 'ffffff']);
  expect(hex(pictures.difference)).toEqual(['000000', '101010', 'ffffff']);
  expect(pictures.overlay).toBeUndefined();
});

test('floats: 0 to 1, 0 to 255 beyond that, and from the least where it is negative', () => {
  const shown = (...values: number[]) =>
    hex(samplePictures({pred: floats(1, values.length, 1, values), target: null}, null, noColour).pred);
  expect(shown(0, 0.5, 1)).toEqual(['000000', '808080', 'ffffff']);
  expect(shown(0, 51, 2)).toEqual(['000000', '333333', '020202']);
  expect(shown(-1, 0, 1)).toEqual(['000000', '808080', 'ffffff']);
  expect(shown(Number.NaN, 1)).toEqual(['000000', 'ffffff']);
});

test('images of other sizes or channels have no difference; of five channels three are shown', () => {
  const pred = bytes(1, 1, 5, [1, 2, 3, 4, 5]);
  const pictures = samplePictures({pred, target: bytes(1, 2, 1, [9, 9])}, null, noColour);
  expect(pictures.difference).toBeUndefined();
  expect(hex(pictures.pred)).toEqual(['010203']);
});

test('a binary overlay: the target dimmed, false positives, false negatives, ignored pixels grey', () => {
  const labels = {height: 1, width: 5, pred: [0, 1, 1, 0, 1], target: [0, 1, 0, 1, -1], classes: null};
  const pictures = samplePictures({pred: null, target: null}, labels, noColour);
  const [positive, negative] = [OVERLAY_COLOURS.falsePositive, OVERLAY_COLOURS.falseNegative];
  expect(hex(pictures.overlay)).toEqual(['101010', '5d5d5d', positive.toString(16), negative.toString(16), '808080']);
  expect(hex(pictures.target)).toEqual(['000000', 'ffffff', '000000', 'ffffff', '808080']);
  expect(hex(pictures.pred)).toEqual(['000000', 'ffffff', 'ffffff', '000000', '808080']);
});

test('several classes by their ids; background is id 0, whatever its index', () => {
  const classes = [
    {id: 3, name: 'cat'},
    {id: 0, name: 'background'},
    {id: 7, name: 'dog'},
  ];
  const labels = {height: 1, width: 4, pred: [0, 1, 0, 2], target: [0, 0, 1, 0], classes};
  const pictures = samplePictures({pred: null, target: null}, labels, (id) => id);
  expect(hex(pictures.target)).toEqual(['000003', '000003', '000000', '000003']);
  const {falsePositive, falseNegative, otherClass} = OVERLAY_COLOURS;
  expect(hex(pictures.overlay).slice(1)).toEqual(
    [falseNegative, falsePositive, otherClass].map((colour) => colour.toString(16)),
  );
  const roads = {...labels, classes: classes.map(({id}) => ({id, name: id === 0 ? 'road' : 'car'}))};
  const others = samplePictures({pred: null, target: null}, roads, (id) => id);
  expect(hex(others.overlay).slice(1)).toEqual(new Array(3).fill(otherClass.toString(16)));
});
