import {expect, test} from 'vitest';
import {alexnet} from '../../src/networks/alexnet.js';
import {squeezenet1_0} from '../../src/networks/squeezenet.js';
import {vgg16} from '../../src/networks/vgg.js';
import {convolutionWork} from '../../src/networks/work.js';

/** 2·27·64 operations a position, 224². */
const FIRST_OF_VGG = 2 * 27 * 64 * 224 ** 2;

test("VGG16's convolutions are 15.35 G multiplications and additions at 224×224, those of the image's channels five times", () => {
  // Published beside the network: 15,346,630,656 (Simonyan and Zisserman 2015; the three dense layers left out).
  expect(convolutionWork(vgg16, 'relu5_3', 224, 224)).toBe(2 * 15_346_630_656 + 4 * FIRST_OF_VGG);
});

test('a shallow layer is the work up to it, and no more', () => {
  expect(convolutionWork(vgg16, 'relu1_1', 224, 224)).toBe(5 * FIRST_OF_VGG);
  expect(convolutionWork(vgg16, 'pool1', 224, 224)).toBe(5 * FIRST_OF_VGG + 2 * 576 * 64 * 224 ** 2);
});

test('branches count once, and steps count', () => {
  // conv1 7×7 of 109² positions (stride 2); fire2 of 54²: squeeze 96→16, expand 16→64 by 1×1 and by 3×3.
  const first = 109 ** 2 * 3 * 49 * 96;
  const fire = 54 ** 2 * (96 * 16 + 16 * 64 + 16 * 9 * 64);
  expect(convolutionWork(squeezenet1_0, 'fire2', 224, 224)).toBe(2 * (5 * first + fire));
  expect(convolutionWork(alexnet, 'relu1', 224, 224)).toBe(2 * 5 * 55 ** 2 * 3 * 121 * 64);
});
