// Speed of cv-loss beside decoding alone and the peers that are installed (bench/peers/run.sh), as ratios measured in one
// run. Writes bench/results/speed.json and speed.md; `node bench/speed/page.js` puts the tables into docs/speed.md.
//   npm run bench [-- --full] [--rounds 5] [--only TEXT: cases whose title holds it] [--list]
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {profiles, takesPart} from './cases.js';
import {contenders} from './contenders/all.js';
import {cvLoss, hasJobs} from './contenders/cv-loss.js';
import {dataset} from './dataset.js';
import {machine} from './machine.js';
import {markdown} from './markdown.js';
import {takeTurns} from './turns.js';

const {values: flags} = parseArgs({
  options: {
    full: {type: 'boolean', default: false},
    rounds: {type: 'string', default: '5'},
    only: {type: 'string', default: ''},
    list: {type: 'boolean', default: false},
  },
});
const rounds = Number(flags.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds: expected a whole number from 1 on, got ${flags.rounds}`);

const results = fileURLToPath(new URL('../results/', import.meta.url));
const cases = profiles[flags.full ? 'full' : 'quick'].filter((one) => titleOf(one).includes(flags.only));
if (flags.list) for (const one of cases) console.log(titleOf(one));
else await measure();

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-bench-'));
  const installed = contenders.map((one) => [one, one.version()]).filter(([, version]) => version !== null);
  const measured = {
    machine: machine(),
    versions: Object.fromEntries(installed.map(([{name}, version]) => [name, version])),
    rounds,
    cases: [],
  };
  try {
    for (const one of cases) {
      console.error(titleOf(one));
      const data = await dataset(folder, one.side, one.pairs);
      const results = await takeTurns(
        jobsOf(
          one,
          installed.map(([contender]) => contender),
          {data, folder},
        ),
        rounds,
      );
      measured.cases.push({title: titleOf(one), pairs: one.pairs, results});
    }
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  mkdirSync(results, {recursive: true});
  writeFileSync(join(results, 'speed.json'), `${JSON.stringify(measured, null, 2)}\n`);
  writeFileSync(join(results, 'speed.md'), `${markdown(measured)}\n`);
  console.log(markdown(measured));
}

/** Who takes part in a case, each with its job. */
function jobsOf(one, installed, place) {
  const job = {...one, ...place};
  if (one.cores) return coresOf(job);
  return installed
    .filter((contender) => takesPart(one, contender) && contender.canDo(job))
    .map(({name, open}) => ({name, open: () => open(job)}));
}

/** cv-loss by the cores that it may use and the workers that it has. */
function coresOf(job) {
  const jobs = [{name: cvLoss.name, open: () => cvLoss.open(job)}];
  if (process.platform === 'linux' && availableParallelism() > 1) {
    jobs.push({name: 'cv-loss, bound to one core', open: () => cvLoss.open({...job, oneCore: true})});
  }
  if (hasJobs()) {
    for (const workers of [1, 2, 4]) {
      jobs.push({name: `cv-loss --jobs ${workers}`, open: () => cvLoss.open({...job, jobs: workers})});
    }
  }
  return jobs;
}

function titleOf({losses, side, pairs, form, cores}) {
  const how = form === 'process' ? 'whole process' : 'steady state';
  return `${losses.join(', ')}: ${pairs} pairs of ${side}×${side}, ${how}${cores ? ', by cores and workers' : ''}`;
}
