/**
 * Fuzzes one target in this process: `node fuzz/run.js TARGET RUNS SEED FOLDER`. Every input is written to
 * FOLDER/current before it is tried, so that the parent finds it when the process dies or hangs.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {seeded} from '../torture/seeded.js';
import {Coverage} from './coverage.js';
import {judged} from './judge.js';
import {mutated} from './mutate.js';

const [name, runs, seed, folder] = process.argv.slice(2);
/** Of the processor: a busy machine is no fault of the input. */
const LONGEST_MS = 5000;
/** Of the clock, for what waits without end. */
const LONGEST_WAIT_MS = 60_000;
/** Asking for the coverage takes longer than most inputs, so it is asked once for many. */
const BATCH = 32;
const MOST_CORPUS = 1000;
const MOST_BYTES = 400 * 2 ** 20;

const coverage = new Coverage();
await coverage.start();
const {targets} = await import('./targets.js');
const {seeds, attempt} = targets[name];
const corpus = await seeds();
const next = seeded(Number(seed));
const counts = new Map();
const faults = [];
const current = join(folder, 'current');
mkdirSync(folder, {recursive: true});

for (const [i, bytes] of corpus.entries()) await tried(bytes, i);
coverage.learn(await coverage.newBlocks());
const began = corpus.length;
for (let i = 0; i < Number(runs); i += BATCH) {
  const batch = Array.from({length: Math.min(BATCH, Number(runs) - i)}, () =>
    mutated(corpus[next() % corpus.length], corpus, next),
  );
  for (const [of, bytes] of batch.entries()) await tried(bytes, i + of);
  const found = await coverage.newBlocks();
  if (found.length > 0) await keepThoseThatReach(found, batch);
}
process.send({
  done: {counts: [...counts].sort(), faults, learnt: corpus.length - began, blocks: coverage.known},
});

/** Counts differ a little from one run to the next, so a block that no single input reaches again is let go. */
async function keepThoseThatReach(blocks, batch) {
  for (const bytes of batch) {
    writeFileSync(current, bytes);
    await attempted(bytes);
    const reached = (await coverage.newBlocks()).filter((block) => blocks.includes(block));
    if (reached.length > 0 && corpus.length < MOST_CORPUS) corpus.push(bytes);
    coverage.learn(reached);
  }
  coverage.learn(blocks);
}

function attempted(bytes) {
  return Promise.race([
    Promise.resolve()
      .then(() => attempt(bytes, {path: current, folder}))
      .catch((error) => error),
    sleep(LONGEST_WAIT_MS, new Error(`no end after ${LONGEST_WAIT_MS} ms`), {ref: false}),
  ]);
}

async function tried(bytes, i) {
  writeFileSync(current, bytes);
  process.send({at: i});
  const peak = process.resourceUsage().maxRSS;
  const begun = process.cpuUsage();
  const outcome = await attempted(bytes);
  const {user, system} = process.cpuUsage(begun);
  const milliseconds = (user + system) / 1000;
  const grown = (process.resourceUsage().maxRSS - peak) * 1024;
  const {name: kind, fault} = judged(outcome);
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const problem =
    fault ??
    (milliseconds > LONGEST_MS ? `took ${Math.round(milliseconds)} ms` : null) ??
    (grown > MOST_BYTES ? `took ${Math.round(grown / 2 ** 20)} MiB` : null);
  if (problem === null || faults.some((one) => sameFault(one.problem, problem))) return;
  const file = join(folder, `fault-${faults.length + 1}`);
  writeFileSync(file, bytes);
  faults.push({problem, file});
}

/** One defect is told once: the same words but for numbers. */
function sameFault(a, b) {
  const plain = (text) => text.slice(0, 160).replaceAll(/\d+/g, '0');
  return plain(a) === plain(b);
}
