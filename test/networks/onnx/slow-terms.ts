import type {View} from '../../../src/kernels/view.js';
import type {FeatureTerm} from '../../../src/networks/fast-executor.js';
import type {LoadedNetwork} from '../../../src/networks/graph.js';
import {type Activation, slowFeatures} from '../slow.js';

/** A view's activations in float64, grey as three equal channels. */
export function slowOf(network: LoadedNetwork, view: View): ReadonlyMap<string, Activation> {
  const {data, scale, offset, height, width, channels} = view;
  const image = Float64Array.from(
    {length: 3 * height * width},
    (_, i) => (data[channels === 1 ? Math.floor(i / 3) : i] as number) * scale + offset,
  );
  return slowFeatures(network, image, height, width);
}

/**
 * A term from activations `[c, h, w]`, as the contract words it. A position with a NaN in a channel is not valid: where
 * the ignored pixels are NaN, those are the positions that see one.
 */
export function slowTerm(x: Activation, y: Activation, statistic: FeatureTerm['statistic']): number {
  return statistic === 'gram' ? gramTerm(x, y) : differenceTerm(x, y);
}

function differenceTerm(x: Activation, y: Activation): number {
  const positions = x.height * x.width;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < positions; at++) {
    let squares = 0;
    for (let i = at; i < x.data.length; i += positions) squares += ((x.data[i] as number) - (y.data[i] as number)) ** 2;
    if (Number.isNaN(squares)) continue;
    sum += squares;
    count += x.channels;
  }
  return sum / count;
}

function gramTerm(x: Activation, y: Activation): number {
  const [gx, gy] = [normalizedGram(x), normalizedGram(y)];
  return gx.reduce((sum, value, i) => sum + (value - (gy[i] as number)) ** 2, 0);
}

function normalizedGram({data, channels, height, width}: Activation): Float64Array {
  const positions = height * width;
  const gram = new Float64Array(channels * channels);
  const values = new Float64Array(channels);
  let count = 0;
  for (let at = 0; at < positions; at++) {
    for (let c = 0; c < channels; c++) values[c] = data[c * positions + at] as number;
    if (values.some(Number.isNaN)) continue;
    count++;
    for (let i = 0; i < channels; i++) {
      const value = values[i] as number;
      // Half of what a ReLU gives is zero.
      if (value === 0) continue;
      for (let j = 0; j < channels; j++) {
        gram[i * channels + j] = (gram[i * channels + j] as number) + value * (values[j] as number);
      }
    }
  }
  return gram.map((value) => value / count);
}
