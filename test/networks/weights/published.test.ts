import {describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {knownNetwork} from '../../../src/networks/known.js';
import {CAFFE, TORCHVISION} from '../../../src/networks/preprocessing.js';
import {layerShape} from '../../../src/networks/shapes.js';
import {publishedWeights} from '../../../src/networks/weights/published.js';

// Sums in float64 that PyTorch gives of the tensors in the authors' files.
const SUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'lpips alexnet': {
    relu1: 2.3495323137195783,
    relu2: 16.1430274810632,
    relu3: 39.26843924544403,
    relu4: 27.197178440931964,
    relu5: 20.317177099761324,
  },
  'lpips vgg16': {
    relu1_2: 6.925991700962186,
    relu2_2: 8.858334008604288,
    relu3_3: 17.5150060467422,
    relu4_3: 51.521323032677174,
    relu5_3: 47.03485375829041,
  },
  'lpips squeezenet1_1': {
    relu_conv1: 5.69010078176899,
    fire3: 1.1852794939355817,
    fire5: 16.326565414529796,
    fire6: 71.01262408646244,
    fire7: 37.37072320704965,
    fire8: 24.26287240253683,
    fire9: 17.590552752050012,
  },
};

const of = (id: string, preprocessing = TORCHVISION) => ({id, preprocessing, weightsSource: 'mine.h5'});

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

describe('the weights that a metric was published with', () => {
  test.each(Object.entries(SUMS))('%s: one of each channel, as the authors have them', async (name, sums) => {
    const [metric, network] = name.split(' ') as [string, string];
    const weights = await publishedWeights(metric, of(network));
    expect(Object.keys(weights)).toEqual(Object.keys(sums));
    for (const [layer, values] of Object.entries(weights)) {
      expect(values).toHaveLength(layerShape(knownNetwork(network).definition, layer, 64, 64).channels);
      expect(sum(values)).toBeCloseTo(sums[layer] as number, 5);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    }
  });

  test('dists: α and β of 1,475 channels, the image among them', async () => {
    const weights = await publishedWeights('dists', of('vgg16'));
    for (const [letter, total] of [
      ['alpha', 0.8760496235627215],
      ['beta', 0.12395021047718036],
    ] as const) {
      const tensors = Object.entries(weights).filter(([name]) => name.endsWith(`.${letter}`));
      expect(tensors.map(([, {length}]) => length)).toEqual([3, 64, 128, 256, 512, 512]);
      expect(tensors.reduce((all, [, values]) => all + sum(values), 0)).toBeCloseTo(total, 6);
    }
    // The first of `alpha` in the authors' file.
    expect(weights['image.alpha']?.[0]).toBeCloseTo(0.0211, 4);
  });

  test('are not there for other networks', async () => {
    await expect(publishedWeights('lpips', of('vgg19'))).rejects.toThrow(UsageError);
    await expect(publishedWeights('lpips', of('vgg19'))).rejects.toThrow(
      'no weights of lpips were published for network vgg19',
    );
  });

  test('go with the weights that they were learnt with alone', async () => {
    await expect(publishedWeights('lpips', of('vgg16', CAFFE))).rejects.toThrow(UsageError);
    await expect(publishedWeights('lpips', of('vgg16', CAFFE))).rejects.toThrow(
      "lpips was made for torchvision's vgg16, these weights (mine.h5) are others: cv-loss models pull vgg16 --source torchvision",
    );
  });
});
