import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {expect, test} from 'vitest';
import {readPngLayout} from '../../src/images/png-chunks.js';
import {knownHeader} from '../../src/images/png-header.js';

const folder = join(import.meta.dirname, '../../fixtures');

/** Whole PNG files of every colour type and depth, read by libvips. */
const files = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.png'));

test('of every fixture, the header is what libvips reads', async () => {
  const kinds = new Set<string>();
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    const metadata = await sharp(bytes)
      .metadata()
      .catch(() => null);
    if (!metadata) continue;
    let layout: ReturnType<typeof readPngLayout>;
    try {
      layout = readPngLayout(bytes, file);
    } catch {
      continue;
    }
    const header = knownHeader(layout);
    const left = metadata.icc ? 'a profile' : layout.transparent ? 'transparency' : null;
    kinds.add(left ?? `${layout.colourType} of ${layout.depth} bits`);
    const {width, height, space, hasAlpha, depth} = metadata;
    expect({file, header}).toEqual({file, header: left ? null : {width, height, space, hasAlpha, depth}});
  }
  expect([...kinds].sort()).toEqual([
    ...['0 of 1 bits', '0 of 16 bits', '0 of 2 bits', '0 of 4 bits', '0 of 8 bits', '2 of 16 bits', '2 of 8 bits'],
    ...['3 of 1 bits', '3 of 2 bits', '3 of 4 bits', '3 of 8 bits', '4 of 16 bits', '4 of 8 bits', '6 of 16 bits'],
    ...['6 of 8 bits', 'a profile', 'transparency'],
  ]);
});
