import {fileURLToPath} from 'node:url';
import sharp from 'sharp';
import type {Raster} from '../src/images/raster.js';

/** An 8-bit PNG fixture, grey or RGB, as a decoder would give it. */
export async function readPng(path: URL): Promise<Raster> {
  const image = sharp(fileURLToPath(path));
  const {space} = await image.metadata();
  const decoded = space === 'b-w' ? image.toColourspace('b-w') : image;
  const {data, info} = await decoded.raw().toBuffer({resolveWithObject: true});
  const {height, width, channels} = info;
  return {data: new Uint8Array(data), height, width, channels, maximum: 255};
}
