import type {Options, PlainSample, ReferenceForm} from './sample.js';

/** Images, and which of their pixels count, at some scale. */
interface Scale {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly valid: readonly number[];
  readonly weight: readonly number[];
}

const SIZE = 11;
const SIGMA = 1.5;

/** SSIM as Wang 2004 writes it: direct sums over square windows, moments in two passes. */
export const ssim: ReferenceForm = (sample, options) => {
  const finest = finestScale(sample);
  const ratio = Math.min(sample.height, sample.width) / 256;
  const below = Math.floor(ratio);
  const nearest = ratio - below === 0.5 ? below + (below % 2) : Math.round(ratio);
  const factor = options.downsample === 'auto' ? Math.max(1, nearest) : 1;
  const scale = shrink(finest, factor, Math.floor(finest.height / factor), Math.floor(finest.width / factor));
  const values = channelMeans(scale, options).map(({similarity}) => similarity);
  return inForm(mean(values), options);
};

/** MS-SSIM as Wang 2003 writes it, its scales made by 2×2 means of images whose odd sides repeat their last row or column. */
export const msSsim: ReferenceForm = (sample, options) => {
  const exponents = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
  let scale = finestScale(sample);
  const products: number[] = Array(sample.channels).fill(1);
  exponents.forEach((exponent, j) => {
    if (j > 0) scale = shrink(repeatLast(scale), 2, Math.ceil(scale.height / 2), Math.ceil(scale.width / 2));
    channelMeans(scale, options).forEach(({similarity, contrast}, c) => {
      products[c] =
        (products[c] as number) * Math.max(0, j === exponents.length - 1 ? similarity : contrast) ** exponent;
    });
  });
  return inForm(mean(products), options);
};

function finestScale({height, width, channels, pred, target, weight, ignored}: PlainSample): Scale {
  const valid = Array.from(ignored, (flag) => 1 - flag);
  return {height, width, channels, x: [...pred], y: [...target], valid, weight: [...weight]};
}

function shrink(scale: Scale, factor: number, height: number, width: number): Scale {
  const {channels} = scale;
  const pixels = Array.from({length: height * width}, (_, p) => {
    const box: number[] = [];
    for (let dy = 0; dy < factor; dy++) {
      for (let dx = 0; dx < factor; dx++) {
        box.push((Math.floor(p / width) * factor + dy) * scale.width + (p % width) * factor + dx);
      }
    }
    return box.filter((index) => scale.valid[index] === 1);
  });
  const average = (values: readonly number[], per: number) =>
    pixels.flatMap((box) =>
      Array.from({length: per}, (_, c) =>
        box.length ? mean(box.map((index) => values[index * per + c] as number)) : 0,
      ),
    );
  return {
    height,
    width,
    channels,
    x: average(scale.x, channels),
    y: average(scale.y, channels),
    valid: pixels.map((box) => (box.length ? 1 : 0)),
    weight: average(scale.weight, 1),
  };
}

function repeatLast(scale: Scale): Scale {
  const height = scale.height + (scale.height % 2);
  const width = scale.width + (scale.width % 2);
  const repeat = (values: readonly number[], per: number) =>
    Array.from({length: height * width * per}, (_, i) => {
      const row = Math.min(Math.floor(i / per / width), scale.height - 1);
      const column = Math.min(Math.floor(i / per) % width, scale.width - 1);
      return values[(row * scale.width + column) * per + (i % per)] as number;
    });
  const {channels} = scale;
  return {
    height,
    width,
    channels,
    x: repeat(scale.x, channels),
    y: repeat(scale.y, channels),
    valid: repeat(scale.valid, 1),
    weight: repeat(scale.weight, 1),
  };
}

/** Per channel: Σ w·ssim / Σ w and Σ w·contrast / Σ w over the windows whose centre is valid. */
function channelMeans(scale: Scale, options: Options): {similarity: number; contrast: number}[] {
  const {height, width, channels} = scale;
  const [low, high] = (options.range as [number, number] | undefined) ?? [0, 1];
  const c1 = (((options.k1 as number | undefined) ?? 0.01) * (high - low)) ** 2;
  const c2 = (((options.k2 as number | undefined) ?? 0.03) * (high - low)) ** 2;
  return Array.from({length: channels}, (_, channel) => {
    let [similarity, contrast, total] = [0, 0, 0];
    for (let row = 0; row + SIZE <= height; row++) {
      for (let column = 0; column + SIZE <= width; column++) {
        const centre = (row + 5) * width + column + 5;
        const weight = scale.weight[centre] as number;
        if (scale.valid[centre] === 0 || weight === 0) continue;
        const {mx, my, vx, vy, covariance} = moments(scale, row, column, channel);
        const structure = (2 * covariance + c2) / (vx + vy + c2);
        contrast += weight * structure;
        similarity += (weight * structure * (2 * mx * my + c1)) / (mx ** 2 + my ** 2 + c1);
        total += weight;
      }
    }
    return {similarity: similarity / total, contrast: contrast / total};
  });
}

const GAUSSIAN = Array.from({length: SIZE * SIZE}, (_, i) =>
  Math.exp(-((Math.floor(i / SIZE) - 5) ** 2 + ((i % SIZE) - 5) ** 2) / (2 * SIGMA ** 2)),
);

/** Weights and values of the window at hand: its valid pixels. */
const [g, u, v] = [0, 1, 2].map(() => new Float64Array(SIZE ** 2)) as [Float64Array, Float64Array, Float64Array];

function moments({width, channels, x, y, valid}: Scale, row: number, column: number, channel: number) {
  let [total, mx, my, vx, vy, covariance] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < g.length; i++) {
    const pixel = (row + Math.floor(i / SIZE)) * width + column + (i % SIZE);
    const shown = valid[pixel] === 1;
    g[i] = shown ? (GAUSSIAN[i] as number) : 0;
    u[i] = shown ? (x[pixel * channels + channel] as number) : 0;
    v[i] = shown ? (y[pixel * channels + channel] as number) : 0;
    total += g[i] as number;
    mx += (g[i] as number) * (u[i] as number);
    my += (g[i] as number) * (v[i] as number);
  }
  mx /= total;
  my /= total;
  for (let i = 0; i < g.length; i++) {
    const [dx, dy] = [(u[i] as number) - mx, (v[i] as number) - my];
    vx += (g[i] as number) * dx * dx;
    vy += (g[i] as number) * dy * dy;
    covariance += (g[i] as number) * dx * dy;
  }
  return {mx, my, vx: vx / total, vy: vy / total, covariance: covariance / total};
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function inForm(value: number, {form}: Options): number {
  return form === 'loss' ? 1 - value : value;
}
