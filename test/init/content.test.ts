import {describe, expect, test} from 'vitest';
import type {ImageHeader} from '../../src/images/image-header.js';
import type {Raster} from '../../src/images/raster.js';
import {contentOf} from '../../src/init/content.js';
import type {SideLook} from '../../src/init/look.js';
import {ValueSummary} from '../../src/init/values.js';

type Values = readonly number[];

/** A side whose one file holds these values in one row. */
function side(data: Raster['data'], maximum: number | null, {channels = 1, palette = false} = {}): SideLook {
  const values = new ValueSummary();
  values.add({data, height: 1, width: data.length / channels, channels, maximum});
  const header = {palette} as ImageHeader;
  return {headers: [header], unreadable: [], values, transparent: false};
}

const bytes = (values: Values, options = {}) => side(Uint8Array.from(values), 255, options);
const floats = (values: Values, channels = 1) => side(Float32Array.from(values), null, {channels});
const content = (pred: SideLook, target: SideLook) => contentOf({pred, target, sizes: [], looked: 1});

const ramp = Array.from({length: 256}, (_, i) => i);
const mask = bytes([0, 255, 255, 0]);
const photo = bytes(ramp);
const labels = bytes([0, 1, 2, 20, 255]);

describe('what values say', () => {
  test.each<[string, SideLook, SideLook, object]>([
    ['grey images', photo, photo, {kind: 'photos', range: null}],
    ['greys against a mask', photo, mask, {kind: 'scores', input: 'probabilities', classes: 2}],
    ['greys against a mask of 0 and 1', photo, bytes([0, 1]), {kind: 'scores', input: 'probabilities', classes: 2}],
    [
      'floats in [0, 1] against a mask',
      floats([0, 0.3, 1]),
      mask,
      {kind: 'scores', input: 'probabilities', classes: 2},
    ],
    ['floats beyond it against a mask', floats([-3, 0.3]), mask, {kind: 'scores', input: 'logits', classes: 2}],
    ['masks', bytes([0, 255]), mask, {kind: 'masks', maximum: null}],
    ['masks of 0 and 1', bytes([0, 1]), bytes([1, 0]), {kind: 'masks', maximum: 255}],
    ['masks of 1 bit', side(Uint8Array.of(0, 1), 1), side(Uint8Array.of(0, 1), 1), {kind: 'masks', maximum: null}],
    ['an empty mask against a mask', bytes([0, 0]), mask, {kind: 'masks', maximum: null}],
    ['label maps', bytes([0, 3, 4]), labels, {kind: 'labels', classes: 21}],
    ['palettes', bytes([0, 90], {palette: true}), bytes([0, 99], {palette: true}), {kind: 'labels', classes: 100}],
    ['a photograph against label maps', photo, labels, {kind: 'photos', range: null}],
    ['distributions', floats([0.25, 0.75, 1, 0], 2), labels, {kind: 'scores', input: 'probabilities', classes: 2}],
    [
      'distributions in bytes',
      bytes([64, 191, 0, 255], {channels: 2}),
      labels,
      {kind: 'scores', input: 'probabilities', classes: 2},
    ],
    ['logits of three classes', floats([4, -1, 0.5], 3), labels, {kind: 'scores', input: 'logits', classes: 3}],
    ['RGB against label maps', bytes([9, 9, 200], {channels: 3}), labels, {kind: 'photos', range: null}],
    ['black images', bytes([0, 0]), bytes([0, 0]), {kind: 'photos', range: null}],
    ['floats of [0, 1]', floats([0, 0.9]), photo, {kind: 'photos', range: null}],
    ['floats of 0 to 255', floats([0, 254.5]), photo, {kind: 'photos', range: [0, 255]}],
    ['floats of -1 to 1', floats([-1, 0.25]), photo, {kind: 'photos', range: [-1, 1]}],
  ])('%s', (_, pred, target, expected) => expect(content(pred, target)).toEqual(expected));

  test('files that cannot be read say nothing', () => {
    const nothing: SideLook = {headers: [], unreadable: ['broken'], values: new ValueSummary(), transparent: false};
    expect(content(nothing, nothing)).toEqual({kind: 'photos', range: null});
  });
});
