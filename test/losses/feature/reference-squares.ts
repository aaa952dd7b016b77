import {readFileSync} from 'node:fs';
import type {Raster} from '../../../src/images/raster.js';
import {fixtureImage, square} from './images.js';

/** A value, and each layer's part of it, by the packages of the authors in float64. */
interface PublishedValue {
  readonly value: number;
  readonly layers?: Readonly<Record<string, number>>;
}

interface Reference {
  readonly squares: Readonly<Record<string, {readonly top: number; readonly left: number; readonly size: number}>>;
  readonly lpips: Readonly<Record<string, Readonly<Record<string, PublishedValue>>>>;
  readonly dists: Readonly<Record<string, PublishedValue>>;
}

/** Values of LPIPS and DISTS on hashed weights, seed 0: `fixtures/made-by/lpips_dists.py`. */
export const published = JSON.parse(
  readFileSync(new URL('../../../fixtures/lpips-dists.json', import.meta.url), 'utf8'),
) as Reference;

/** The square of a photograph that the values are of. */
export async function referenceSquare(side: 'pred' | 'target', key: string): Promise<Raster> {
  const at = published.squares[key];
  if (!at) throw new Error(`lpips-dists.json has no square of photo ${key}`);
  return square(await fixtureImage(`photos/${side}/${key}`), at.top, at.left, at.size);
}
