/**
 * Mutation testing: whether the tests notice a change of the code. Exit code 1 where fewer than 80 % of the mutants are.
 *   node scripts/mutation.js [room…]                     every mutant of src/gate and src/statistics, or of the rooms named
 *   node scripts/mutation.js losses [mutants] [seed] [folder]
 *                                                        mutants of src/losses drawn by a seed, 300 unless said
 * A part is a file, whose mutants run against the test file of its name (of its room where there is none); under `losses` it is
 * a folder with the tests of that folder. What a part found is kept in reports/mutation: a run that was ended goes on with the
 * next part, and only what changed is tried again. A test that changed under its old name is not noticed: delete the part's
 * report.
 */
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {drawnMutants} from './drawn-mutants.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LEAST = 80;
const KILLED = ['Killed', 'Timeout'];
const LIVING = ['Survived', 'NoCoverage'];

const [subject = 'all', ...more] = process.argv.slice(2);
const parts = subject === 'losses' ? await ofLosses(...more) : ofRooms(subject, ...more);
const found = parts.flatMap(tried);
for (const {file, killed, all} of found) console.log(`${percent(killed, all)} % of ${all} killed: ${file}`);
const [killed, all] = [total('killed'), total('all')];
console.log(`${percent(killed, all)} % of ${all} killed`);
process.exitCode = (100 * killed) / all >= LEAST ? 0 : 1;

function ofRooms(...rooms) {
  return (rooms[0] === 'all' ? ['gate', 'statistics'] : rooms).flatMap((room) =>
    readdirSync(join(ROOT, 'src', room)).map((name) => ({
      name: `${room}-${name}`,
      mutate: [`src/${room}/${name}`],
      tests: [testsOf(room, name)],
    })),
  );
}

/** The test file of the same name; without one, those of the room. */
function testsOf(room, name) {
  const own = `test/${room}/${name.replace(/\.ts$/, '.test.ts')}`;
  return existsSync(join(ROOT, own)) ? own : `test/${room}/*.test.ts`;
}

async function ofLosses(mutants = '300', seed = '1', only = undefined) {
  const places = await drawnMutants('src/losses', Number(mutants), Number(seed));
  const folderOf = (place) => place.split('/').slice(2, -1).join('/') || 'root';
  const folders = [...new Set(places.map(folderOf))].sort();
  return folders
    .filter((folder) => only === undefined || folder === only)
    .map((folder) => ({
      name: `losses-${folder}`,
      mutate: places.filter((place) => folderOf(place) === folder),
      tests: [
        'test/docs/losses.test.ts',
        'test/docs/pictures.test.ts',
        'test/loss-functions/agreement.test.ts',
        'test/losses/*.test.ts',
        'test/losses/conformance/agreement.test.ts',
        'test/losses/conformance/columns.test.ts',
        'test/losses/conformance/pixel-maps.test.ts',
        ...(folder === 'root' ? [] : [`test/losses/${folder}/*.test.ts`]),
      ],
    }));
}

/** Runs Stryker over a part; gives what became of each file's mutants. */
function tried({name, mutate, tests}) {
  console.log(`${name}: ${mutate.length === 1 ? mutate[0] : `${mutate.length} places`}`);
  const report = `reports/mutation/${name}.json`;
  const args = ['run', '--mutate', mutate.join(','), '--incrementalFile', report];
  const {status} = spawnSync(join(ROOT, 'node_modules/.bin/stryker'), args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: {...process.env, CV_LOSS_MUTATION_TESTS: tests.join(',')},
  });
  if (status !== 0) throw new Error(`stryker ended with ${status}`);
  return Object.entries(JSON.parse(readFileSync(join(ROOT, report), 'utf8')).files).map(([file, {mutants}]) => {
    const killed = mutants.filter((mutant) => KILLED.includes(mutant.status)).length;
    const living = mutants.filter((mutant) => LIVING.includes(mutant.status));
    for (const {location, mutatorName, replacement, status: how} of living)
      console.log(
        `${how}: ${file}:${location.start.line}:${location.start.column} ${mutatorName}: ${replacement ?? ''}`,
      );
    return {file, killed, all: killed + living.length};
  });
}

function percent(part, whole) {
  return ((100 * part) / whole).toFixed(1);
}

function total(which) {
  return found.reduce((sum, each) => sum + each[which], 0);
}
