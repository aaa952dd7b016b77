import type {View} from '../../../src/kernels/view.js';
import type {DistsStatistic, FeatureTerm} from '../../../src/networks/fast-executor.js';
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
export function slowTerm(x: Activation, y: Activation, term: FeatureTerm): number {
  switch (term.statistic) {
    case 'difference':
      return differenceTerm(x, y);
    case 'gram':
      return gramTerm(x, y);
    case 'lpips':
      return lpipsTerm(x, y, term.weights);
    case 'dists':
      return distsTerm(x, y, term);
  }
}

function lpipsTerm(x: Activation, y: Activation, weights: readonly number[]): number {
  const positions = x.height * x.width;
  const at = ({data}: Activation, p: number) => weights.map((_, c) => data[c * positions + p] as number);
  const unit = (vector: readonly number[]) => vector.map((value) => value / (Math.hypot(...vector) + 1e-10));
  let [sum, count] = [0, 0];
  for (let p = 0; p < positions; p++) {
    const [u, v] = [unit(at(x, p)), unit(at(y, p))];
    const distance = weights.reduce((all, weight, c) => all + weight * ((u[c] as number) - (v[c] as number)) ** 2, 0);
    if (Number.isNaN(distance)) continue;
    sum += distance;
    count += 1;
  }
  return sum / count;
}

function distsTerm(x: Activation, y: Activation, {alpha, beta}: DistsStatistic): number {
  const positions = x.height * x.width;
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / positions;
  return alpha.reduce((sum, weight, c) => {
    const [u, v] = [x, y].map(({data}) => data.slice(c * positions, (c + 1) * positions)) as [
      Float64Array,
      Float64Array,
    ];
    const [mu, mv] = [mean(u), mean(v)];
    const variances = mean(u.map((value) => (value - mu) ** 2)) + mean(v.map((value) => (value - mv) ** 2));
    const covariance = mean(u.map((value, i) => (value - mu) * ((v[i] as number) - mv)));
    const texture = (2 * mu * mv + 1e-6) / (mu ** 2 + mv ** 2 + 1e-6);
    const structure = (2 * covariance + 1e-6) / (variances + 1e-6);
    return sum + weight * (1 - texture) + (beta[c] as number) * (1 - structure);
  }, 0);
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
