/**
 * A run that four workers share, two of which are killed in a shard and one paused beyond its lock, 50 times with other moments
 * each: every report must be that of the single run. The test of the suite, which tries it five times.
 *   node torture/queue.js [tries]
 */
import {spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';

/** Tries it so often; gives what went wrong. */
export async function tortureQueue(tries = 50) {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const {status} = spawnSync(process.execPath, [vitest, 'run', 'test/queue/kills.test.ts'], {
    cwd: dirname(import.meta.dirname),
    env: {...process.env, CV_LOSS_QUEUE_TRIES: String(tries)},
    stdio: 'inherit',
  });
  const problems = status === 0 ? [] : ['queue: a try has another report, see above'];
  console.log(
    `queue: ${tries} runs, of whose four workers two were killed and one was paused; ${problems.length} went wrong`,
  );
  return problems;
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureQueue(...process.argv.slice(2).map(Number));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
