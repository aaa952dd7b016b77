import sharp, {type Sharp} from 'sharp';
import {encodePng} from '../images/encode-png.js';
import type {LossMap} from '../losses/pixel-map.js';
import {heatPicture} from './heat-picture.js';
import type {HeatScale} from './heat-scale.js';
import type {Picture} from './picture.js';

/** A map in colours as a PNG file, a pixel for each of its own. */
export function encodedHeat(
  map: Parameters<typeof heatPicture>[0],
  scale: HeatScale,
  better: LossMap['better'],
): Promise<Buffer> {
  const {data, height, width} = heatPicture(map, scale, better);
  return encodePng(data, height, width, 3);
}

/** A picture as a small WebP file. */
export interface Thumbnail {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Of 100: what shows no blocks at the size of a thumbnail. */
const QUALITY = 80;

/** A picture as WebP, its longer side at most `side` pixels; smaller ones keep their size. */
export function thumbnailOf({data, height, width}: Picture, side: number): Promise<Thumbnail> {
  return shrunk(sharp(data, {raw: {height, width, channels: 3}}), side);
}

/** The same of one that is too large still. */
export function smallerThumbnail({bytes}: Thumbnail, side: number): Promise<Thumbnail> {
  return shrunk(sharp(bytes), side);
}

async function shrunk(image: Sharp, side: number): Promise<Thumbnail> {
  const {data, info} = await image
    .resize({width: side, height: side, fit: 'inside', withoutEnlargement: true})
    .webp({quality: QUALITY, effort: 4, smartSubsample: true})
    .toBuffer({resolveWithObject: true});
  return {bytes: data, width: info.width, height: info.height};
}
