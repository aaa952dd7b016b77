/**
 * A run split into 1, 2, 3, 7 and 100 shards, and merged: the bytes of the single run.
 *   node torture/shards.js [pairs]
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {evalArgs, makePairs, reportOf, run, sameReports} from './pairs.js';

const COUNTS = [1, 2, 3, 7, 100];

/** Splits and merges a run over `pairs` pairs; gives what went wrong. */
export async function tortureShards(pairs = 400) {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  const problems = [];
  try {
    await makePairs(folder, pairs, 32);
    await run(folder, evalArgs('single'));
    const single = reportOf(folder, 'single');
    for (const count of COUNTS) {
      const shards = Array.from({length: count}, (_, i) => `of-${count}-${i + 1}`);
      for (const [i, shard] of shards.entries()) {
        const {code, printed} = await run(folder, evalArgs(shard, '--shard', `${i + 1}/${count}`));
        if (code !== 0) problems.push(`shards: ${i + 1}/${count} exits ${code}: ${printed}`);
      }
      const merged = await run(folder, ['merge', ...shards, '--report', `merged-${count}`, '--quiet']);
      if (merged.code !== 0) problems.push(`shards: the merge of ${count} exits ${merged.code}: ${merged.printed}`);
      else if (!sameReports(reportOf(folder, `merged-${count}`), single)) {
        problems.push(`shards: the merge of ${count} has another report`);
      }
    }
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  console.log(`shards: ${pairs} pairs in ${COUNTS.join(', ')} shards, merged; ${problems.length} went wrong`);
  return problems;
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureShards(...process.argv.slice(2).map(Number));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
