import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Remainder, shrink} from '../../src/kernels/shrink.js';
import type {View} from '../../src/kernels/view.js';
import {kinds, noiseView, shapes, valuesOf} from './views.js';

/** The mean of every box, element by element; of a repeated row or column again. */
function direct(view: View, factor: number, remainder: Remainder): number[] {
  const {height, width, channels} = view;
  const values = valuesOf(view);
  const count = (length: number) => (remainder === 'drop' ? Math.floor : Math.ceil)(length / factor);
  const means: number[] = [];
  for (let row = 0; row < count(height); row++) {
    for (let column = 0; column < count(width); column++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let k = 0; k < factor ** 2; k++) {
          const y = Math.min(height - 1, row * factor + Math.floor(k / factor));
          const x = Math.min(width - 1, column * factor + (k % factor));
          sum += values[(y * width + x) * channels + channel] as number;
        }
        means.push(sum / factor ** 2);
      }
    }
  }
  return means;
}

test('means of boxes, of any image and any factor', () => {
  fc.assert(
    fc.property(
      shapes,
      kinds,
      fc.integer({min: 2, max: 20}),
      fc.constantFrom<Remainder>('drop', 'repeat'),
      fc.nat(1e6),
      (shape, kind, factor, remainder, seed) => {
        const view = noiseView(shape, kind, seed);
        const expected = direct(view, factor, remainder);
        const shrunk = valuesOf(shrink(view, factor, remainder));
        expect(shrunk).toHaveLength(expected.length);
        shrunk.forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i] as number, 11);
        });
      },
    ),
    {numRuns: 200},
  );
});

test('bytes may be halved four times in sixteen bits, and a fifth time beyond', () => {
  let view: View = noiseView([40, 37, 2], 'bytes', 5);
  let expected = view;
  for (let times = 1; times <= 5; times++) {
    const [height, width] = [Math.ceil(expected.height / 2), Math.ceil(expected.width / 2)];
    const data = Float64Array.from(direct(expected, 2, 'repeat'));
    expected = {...expected, data, height, width, scale: 1, offset: 0};
    view = shrink(view, 2, 'repeat');
    expect(view.data).toBeInstanceOf(times <= 4 ? Uint16Array : Float64Array);
    valuesOf(view).forEach((value, i) => {
      expect(value).toBeCloseTo(data[i] as number, 11);
    });
  }
});
