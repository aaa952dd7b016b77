import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Instrumenter} from '@stryker-mutator/instrumenter';
import {seeded} from '../torture/seeded.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SILENT = {debug: () => undefined, info: () => undefined, isDebugEnabled: () => false};
const OPTIONS = {excludedMutations: [], plugins: null, ignorers: [], noHeader: true};

/**
 * Places of a folder's files as Stryker's --mutate takes them, which hold at least `count` mutants: drawn by a seed among the
 * mutants within a line, with whatever else Stryker changes at the same place.
 */
export async function drawnMutants(folder, count, seed) {
  const {mutants} = await new Instrumenter(SILENT).instrument(sources(folder), OPTIONS);
  const all = mutants
    .map(({fileName, location: {start, end}}) => ({file: fileName, start, end}))
    .filter(({start, end}) => start.line === end.line);
  const next = seeded(seed);
  for (let warm = 0; warm < 8; warm++) next();
  const places = new Set();
  const within = new Set();
  while (within.size < Math.min(count, all.length)) {
    const {file, start, end} = all[next() % all.length];
    // Lines count from 1 there.
    places.add(`${file}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`);
    for (const [i, other] of all.entries()) {
      const inside = other.start.column >= start.column && other.end.column <= end.column;
      if (other.file === file && other.start.line === start.line && inside) within.add(i);
    }
  }
  return [...places];
}

function sources(folder) {
  return readdirSync(join(ROOT, folder), {recursive: true})
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => ({
      name: `${folder}/${name}`,
      mutate: true,
      content: readFileSync(join(ROOT, folder, name), 'utf8'),
    }));
}
