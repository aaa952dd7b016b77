import {copyFileSync, existsSync, linkSync, mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';

const photos = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const photoSide = 512;

/**
 * Pairs of square RGB PNGs made of the bundled photographs in `folder`, made once: `{pred, target}`, folders whose files
 * count from 00000.png. The twelve photographs are scaled to `side`; further pairs are hard links to them.
 */
export async function dataset(folder, side, pairs) {
  const made = roles(join(folder, `${side}-${pairs}`));
  if (existsSync(made.pred)) return made;
  const sources = await scaled(folder, side);
  for (const role of Object.keys(made)) {
    mkdirSync(made[role], {recursive: true});
    const files = readdirSync(sources[role]).sort();
    for (let i = 0; i < pairs; i++) {
      linkSync(join(sources[role], files[i % files.length]), join(made[role], `${String(i).padStart(5, '0')}.png`));
    }
  }
  return made;
}

/** Pictures beside the links to come: links cannot cross file systems. */
async function scaled(folder, side) {
  const made = roles(join(folder, `photos-${side}`));
  if (existsSync(made.pred)) return made;
  for (const role of Object.keys(made)) {
    mkdirSync(made[role], {recursive: true});
    for (const file of readdirSync(join(photos, role)).filter((name) => name.endsWith('.png'))) {
      const [from, to] = [join(photos, role, file), join(made[role], file)];
      if (side === photoSide) copyFileSync(from, to);
      else await sharp(from).resize(side, side, {kernel: 'cubic'}).png().toFile(to);
    }
  }
  return made;
}

function roles(folder) {
  return {pred: join(folder, 'pred'), target: join(folder, 'target')};
}
