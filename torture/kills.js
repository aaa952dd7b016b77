/**
 * SIGKILL at random moments of a run, and the same command again: every report must be the bytes of a run that nobody killed.
 *   node torture/kills.js [kills] [pairs]
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {evalArgs, makePairs, reportOf, run, sameReports, start} from './pairs.js';
import {seeded} from './seeded.js';

const SIDE = 96;

/** Kills `kills` runs over `pairs` pairs; gives what went wrong. */
export async function tortureKills(kills = 200, pairs = 400) {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  const problems = [];
  const resumed = {fromRows: 0, fromNothing: 0, afterTheEnd: 0};
  try {
    await makePairs(folder, pairs, SIDE);
    const started = performance.now();
    const whole = await run(folder, evalArgs('whole'));
    if (whole.code !== 0) return [`kills: the run fails by itself: ${whole.printed}`];
    const expected = reportOf(folder, 'whole');
    const milliseconds = performance.now() - started;
    const next = seeded(11);
    for (let i = 0; i < kills; i++) {
      const report = `killed-${i}`;
      // In threads and without, and gone on with the other way.
      const jobs = [
        ['--jobs', '2'],
        ['--jobs', '1'],
      ];
      const {child, ended} = start(folder, [...evalArgs(report), ...jobs[i % 2]]);
      await Promise.race([sleep((milliseconds * (next() % 1000)) / 1000), ended]);
      const isOver = !child.kill('SIGKILL');
      await ended;
      const again = await run(folder, [...evalArgs(report), ...jobs[(i + 1) % 2]]);
      if (isOver) resumed.afterTheEnd++;
      else if (again.printed.includes('going on with an interrupted run')) resumed.fromRows++;
      else resumed.fromNothing++;
      if (again.code !== 0) problems.push(`kills: run ${i} exits ${again.code}: ${again.printed}`);
      else if (!sameReports(reportOf(folder, report), expected)) problems.push(`kills: run ${i} has another report`);
      rmSync(join(folder, report), {recursive: true, force: true});
    }
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  console.log(
    `kills: ${kills} of a run over ${pairs} pairs: ${resumed.fromRows} went on with rows, ${resumed.fromNothing} began anew, ${resumed.afterTheEnd} were over; ${problems.length} went wrong`,
  );
  return problems;
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureKills(...process.argv.slice(2).map(Number));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
