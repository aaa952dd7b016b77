import {wrapInTiff} from './profile-carrier.js';
import type {Raster} from './raster.js';
import {loadSharp} from './sharp.js';

/** Colours of 8 bits in 3 (RGB) or 4 (CMYK) channels. */
export type Colours = Raster & {readonly data: Uint8Array};

const NO_PROFILE = Buffer.from('not a profile');

/**
 * Colours under a profile of tables as sRGB, converted by libvips with littlecms, perceptual intent. Null for a profile
 * that cannot be applied.
 */
export async function convertByTables(colours: Colours, profile: Buffer): Promise<Raster | null> {
  const levels = Uint8Array.from({length: 32 * colours.channels}, (_, i) => (i * i * 37 + 11) % 256);
  const probe: Colours = {...colours, data: levels, height: 1, width: 32};
  // libvips says nothing of a profile that it cannot apply: it leaves the colours as they are, or takes one of its own.
  const [applied, ownProfile] = [await transform(probe, profile), await transform(probe, NO_PROFILE)];
  if (applied.channels !== 3 || same(applied, probe) || same(applied, ownProfile)) return null;
  return transform(colours, profile);
}

async function transform(colours: Colours, profile: Buffer): Promise<Colours> {
  const library = await loadSharp();
  const image = library(wrapInTiff(colours, profile), {ignoreIcc: true, limitInputPixels: false});
  const space = colours.channels === 4 ? 'cmyk' : 'srgb';
  // The embedded profile is left to the last step, which alone can be told apart from no conversion.
  const {data, info} = await (space === 'cmyk' ? image.pipelineColourspace('cmyk') : image)
    .toColourspace(space)
    .withIccProfile('srgb', {attach: false})
    .raw()
    .toBuffer({resolveWithObject: true});
  const values = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return {...colours, data: values, channels: info.channels};
}

function same(a: Colours, b: Colours): boolean {
  return Buffer.compare(a.data, b.data) === 0;
}
