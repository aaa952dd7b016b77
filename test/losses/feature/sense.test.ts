import {describe, expect, test} from 'vitest';
import {random} from '../random.js';
import {floats, score} from '../score.js';
import {blurred, fixtureImage, flat, meanSquaredError, shuffledTiles, square} from './images.js';

/** What the losses are for, on real images and real weights. */

async function value(type: string, pred: ReturnType<typeof floats>, target: ReturnType<typeof floats>, options = {}) {
  const {'': cell} = await score({type, ...options}, {pred, target});
  return cell as number;
}

describe('perceptual', () => {
  test.each(['000', '001', '002', '003', '004', '005', '006', '007'])(
    'a shift by one pixel is milder than a blur of the same squared error: photo %s',
    async (key) => {
      const photo = await fixtureImage(`photos/target/${key}`);
      const target = square(photo, 100, 100, 96);
      const shifted = square(photo, 100, 101, 96);
      const error = meanSquaredError(shifted, target);
      const blur = blurOf(target, error);
      expect(meanSquaredError(blur, target)).toBeCloseTo(error, 5);
      expect(await value('perceptual', shifted, target)).toBeLessThan(0.5 * (await value('perceptual', blur, target)));
    },
  );

  /** The image blurred so far that its squared error is the one given. */
  function blurOf(target: ReturnType<typeof floats>, error: number) {
    let [low, high] = [0.1, 10];
    for (let i = 0; i < 14; i++) {
      const middle = Math.sqrt(low * high);
      if (meanSquaredError(blurred(target, middle), target) < error) low = middle;
      else high = middle;
    }
    return blurred(target, low);
  }
});

describe('texture', () => {
  // Tissue, stars. In units of what an image of the mean colour gets.
  test.each(['005', '006'])('shuffled tiles keep a texture, and no pixel in its place: photo %s', async (key) => {
    const texture = square(await fixtureImage(`photos/target/${key}`), 100, 100, 256);
    const tiles = shuffledTiles(texture, 64, random(1));
    const blank = flat(texture);
    expect(meanSquaredError(tiles, texture) / meanSquaredError(blank, texture)).toBeGreaterThan(1.5);
    expect((await value('texture', tiles, texture)) / (await value('texture', blank, texture))).toBeLessThan(0.1);
  });
});

describe('topology', () => {
  const SIZE = 192;

  test.each(['002', '003', '005', '006', '007'])(
    'a broken structure is worse than a wider one of the same cross-entropy: mask %s',
    async (key) => {
      const {data} = square(await fixtureImage(`masks/target/${key}`), 160, 160, SIZE);
      const mask = Uint8Array.from(data);
      const broken = mask.slice();
      for (const i of gaps(mask)) broken[i] = 0;
      const wider = mask.slice();
      for (const i of background(mask).slice(0, gaps(mask).length)) wider[i] = 1;
      const raster = (values: ArrayLike<number>) => floats(SIZE, SIZE, 1, values);
      const [worse, better] = await Promise.all(
        [broken, wider].map((pred) =>
          score({type: 'topology', input: 'probabilities'}, {pred: raster(pred), target: raster(mask)}),
        ),
      );
      expect(worse?.bce).toBeCloseTo(better?.bce as number, 6);
      const terms = (cells: typeof worse) => (cells?.[''] as number) - (cells?.bce as number);
      expect(terms(worse)).toBeGreaterThan(1.2 * terms(better));
    },
  );

  /** The foreground in bands of 4 pixels, every 48 in both directions. */
  function gaps(mask: Uint8Array): number[] {
    return [...mask.keys()].filter((i) => mask[i] === 1 && (Math.floor(i / SIZE) % 48 < 4 || (i % SIZE) % 48 < 4));
  }

  /** The background beside the foreground, in reading order: whole sides of structures. */
  function background(mask: Uint8Array): number[] {
    const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < SIZE && y < SIZE && mask[y * SIZE + x] === 1;
    return [...mask.keys()].filter((i) => {
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
      return mask[i] === 0 && (inside(x - 1, y) || inside(x + 1, y) || inside(x, y - 1) || inside(x, y + 1));
    });
  }
});
