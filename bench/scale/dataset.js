import {createWriteStream, mkdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {finished} from 'node:stream/promises';
import sharp from 'sharp';
import {seeded} from '../../torture/seeded.js';

/** Distinct pairs; rows beyond them name the same files again. */
const DISTINCT = 64;

/** PNGs of `side`, of noise (which does not compress) or of a ramp (which does): `{folder, bytes}`, the bytes of a pair in the mean. */
export async function images(root, kind, side) {
  const folder = `${kind}-${side}`;
  const next = seeded(11);
  let bytes = 0;
  for (const role of ['pred', 'target']) {
    mkdirSync(join(root, folder, role), {recursive: true});
    for (let i = 0; i < DISTINCT; i++) {
      const value = kind === 'noise' ? () => next() >>> 24 : (at) => (Math.floor(at / (3 * side)) + i) % 256;
      const data = Uint8Array.from({length: side * side * 3}, (_, at) => value(at));
      const file = join(root, folder, role, `${i}.png`);
      await sharp(data, {raw: {height: side, width: side, channels: 3}})
        .png()
        .toFile(file);
      bytes += statSync(file).size / DISTINCT;
    }
  }
  return {folder, bytes};
}

/** A manifest of `pairs` rows over images; gives its name. */
export async function manifest(root, {folder}, pairs) {
  const name = `${folder}-${pairs}.csv`;
  const stream = createWriteStream(join(root, name));
  stream.write('key,pred,target\n');
  for (let i = 0; i < pairs; i++) {
    const key = `scene-${String(i).padStart(9, '0')}`;
    const [pred, target] = [i % DISTINCT, (7 * i + Math.floor(i / DISTINCT)) % DISTINCT];
    const line = `${key},${folder}/pred/${pred}.png,${folder}/target/${target}.png\n`;
    if (!stream.write(line)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  await finished(stream);
  return name;
}
