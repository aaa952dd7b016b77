/**
 * Mutation testing of src/losses, where there are too many mutants to try them all: at least 300 of them, drawn by a seed among
 * those within a line, with whatever else Stryker changes at the same place. Exit code 1 under 80 % killed.
 *   node scripts/mutate-losses.js [mutants] [seed]
 */
import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Instrumenter} from '@stryker-mutator/instrumenter';
import {seeded} from '../torture/seeded.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [wanted = '300', seed = '1'] = process.argv.slice(2);
const silent = {debug: () => undefined, info: () => undefined, isDebugEnabled: () => false};
const OPTIONS = {excludedMutations: [], plugins: null, ignorers: [], noHeader: true};

const all = (await new Instrumenter(silent).instrument(sources(), OPTIONS)).mutants
  .map(({fileName, location: {start, end}}) => ({file: relative(ROOT, fileName), start, end}))
  .filter(({start, end}) => start.line === end.line);
const chosen = drawn();
console.log(`${chosen.length} places of ${all.length} mutants`);
const {status} = spawnSync('npx', ['stryker', 'run', 'stryker.losses.json', '--mutate', chosen.join(',')], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

function sources() {
  const folder = join(ROOT, 'src/losses');
  return readdirSync(folder, {recursive: true})
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => ({name: join(folder, name), mutate: true, content: readFileSync(join(folder, name), 'utf8')}));
}

/** Places as Stryker's --mutate takes them, which hold as many mutants as are wanted. */
function drawn() {
  const next = seeded(Number(seed));
  for (let warm = 0; warm < 8; warm++) next();
  const places = new Set();
  const within = new Set();
  while (within.size < Math.min(Number(wanted), all.length)) {
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
