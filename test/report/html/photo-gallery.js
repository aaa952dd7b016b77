// A gallery made of the bundled photographs, as a page takes it: pictures that can be looked at, of no meaning as maps.
import {readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';

const photos = fileURLToPath(new URL('../../../fixtures/photos', import.meta.url));
const SIZE = 192;

/** Dark to light, with a lightness that rises evenly (the stops of matplotlib's cividis). */
export const COLOUR_MAP = ['#00224e', '#35456c', '#666970', '#948e77', '#c8b866', '#fee838'];

/** The keys of the photographs. */
export const photoKeys = readdirSync(`${photos}/pred`).map((file) => file.replace(/\.[^.]+$/, ''));

/** A gallery of samples by key; each takes the photograph of its place. */
export async function photoGallery(keys, {worst, best}) {
  const items = {};
  for (const [at, key] of keys.entries()) items[key] = await photoItem(key, photoKeys[at % photoKeys.length]);
  return {items, worst, best, colourMap: COLOUR_MAP};
}

async function photoItem(key, photo) {
  const [pred, target] = await Promise.all(['pred', 'target'].map((role) => pixels(`${photos}/${role}/${photo}.png`)));
  const apart = pred.map((value, i) => Math.min(255, 4 * Math.abs(value - target[i])));
  return {
    key,
    images: {pred: await image(pred), target: await image(target), difference: await image(apart)},
    heat: {mse: {image: await image(heat(apart)), low: 0, high: 0.0625, better: 'lower', shows: 'largest difference'}},
  };
}

async function pixels(path) {
  return sharp(path).resize(SIZE, SIZE, {fit: 'fill'}).removeAlpha().toColourspace('srgb').raw().toBuffer();
}

/** Each pixel in the colour of its largest difference. */
function heat(apart) {
  const stops = COLOUR_MAP.map((hex) => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)));
  const out = Buffer.alloc(apart.length);
  for (let i = 0; i < apart.length; i += 3) {
    const at = (Math.max(apart[i], apart[i + 1], apart[i + 2]) / 255) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(at));
    for (let c = 0; c < 3; c++) out[i + c] = stops[low][c] + (stops[low + 1][c] - stops[low][c]) * (at - low);
  }
  return out;
}

/** An image of the page. */
async function image(data) {
  const webp = await sharp(data, {raw: {width: SIZE, height: SIZE, channels: 3}})
    .webp({quality: 70})
    .toBuffer();
  return {href: `data:image/webp;base64,${webp.toString('base64')}`, width: SIZE, height: SIZE};
}
