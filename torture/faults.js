/**
 * A failure of every single call of the file system, in turn: the earlier report is whole or the new one is, the exit code
 * says which, and the next run cleans up.
 *   node torture/faults.js [EIO|ENOSPC|EACCES]
 */
import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {evalArgs, makePairs, reportOf, run, sameReports} from './pairs.js';

const PRELOAD = fileURLToPath(new URL('failing-call.mjs', import.meta.url));
const EXIT_CODES = [0, 2, 3, 4];

/** Fails every call of a run over three pairs with an error; gives what went wrong. */
export async function tortureFaults(error = 'EIO') {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  const problems = [];
  const codes = new Map();
  try {
    const reports = await prepare(folder);
    for (let call = 1; ; call++) {
      const failed = await runWithFault(folder, call, error);
      if (failed === null) break;
      codes.set(failed.code, (codes.get(failed.code) ?? 0) + 1);
      const found = [...wrongEnd(folder, failed, reports), ...(await wrongNextRun(folder, reports))];
      problems.push(...found.map((text) => `faults: call ${call} (${failed.name}): ${text}`));
    }
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  const calls = [...codes.values()].reduce((sum, times) => sum + times, 0);
  const byCode = [...codes].sort(([a], [b]) => a - b).map(([code, times]) => `${times} × exit ${code}`);
  console.log(`faults: ${error} at each of ${calls} calls: ${byCode.join(', ')}; ${problems.length} went wrong`);
  return problems;
}

/** Pairs, and two reports of them; the earlier one is of a file that the later one does not write. */
async function prepare(folder) {
  await makePairs(folder, 3, 16);
  const earlier = evalArgs('earlier', '--report-format', 'csv,json,jsonl', '--set', 'losses.mse.id=other');
  for (const args of [earlier, evalArgs('later')]) {
    const {code, printed} = await run(folder, args);
    if (code !== 0) throw new Error(`the run fails by itself: ${printed}`);
  }
  return {earlier: reportOf(folder, 'earlier'), later: reportOf(folder, 'later')};
}

/** The later run over the earlier report, with one call failing; null where it makes fewer calls. */
async function runWithFault(folder, call, error) {
  rmSync(join(folder, 'report'), {recursive: true, force: true});
  cpSync(join(folder, 'earlier'), join(folder, 'report'), {recursive: true});
  const log = join(folder, `call-${call}`);
  const ended = await run(folder, evalArgs('report'), {
    NODE_OPTIONS: `--import=${PRELOAD}`,
    CV_LOSS_TORTURE_CALL: String(call),
    CV_LOSS_TORTURE_ERROR: error,
    CV_LOSS_TORTURE_LOG: log,
  });
  return existsSync(log) ? {...ended, name: readFileSync(log, 'utf8')} : null;
}

function wrongEnd(folder, {code, printed}, {earlier, later}) {
  const problems = [];
  if (!EXIT_CODES.includes(code)) problems.push(`exits ${code}: ${printed}`);
  const lines = printed.split('\n').filter((line) => line !== '');
  if (lines.some((line) => !line.startsWith('cv-loss: ') || line.includes('internal-error'))) {
    problems.push(`says: ${printed}`);
  }
  const there = Object.entries(reportOf(folder, 'report')).filter(
    ([name]) => !name.startsWith('.') && name !== 'rows.journal',
  );
  // Where a file of a pair could not be read, its row says so in a report of its own.
  const expected = {0: later, 2: earlier, 4: earlier}[code];
  if (expected && !sameReports(Object.fromEntries(there), expected)) {
    problems.push(`exits ${code} and leaves no whole report: ${there.map(([name]) => name)}`);
  }
  return problems;
}

async function wrongNextRun(folder, {later}) {
  const {code, printed} = await run(folder, evalArgs('report'));
  if (code !== 0) return [`the next run exits ${code}: ${printed}`];
  const left = reportOf(folder, 'report');
  return sameReports(left, later) ? [] : [`the next run leaves ${Object.keys(left)}`];
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureFaults(process.argv[2]);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
