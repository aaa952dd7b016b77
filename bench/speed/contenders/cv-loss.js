import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {bound} from '../bound.js';
import {warmProcess} from '../warm-process.js';
import {wholeProcess} from '../whole-process.js';

const executable = fileURLToPath(new URL('../../../bin/cv-loss.js', import.meta.url));
const server = fileURLToPath(new URL('../serve-cv-loss.js', import.meta.url));

/** This package, from its dist/. */
export const cvLoss = {
  name: 'cv-loss',
  version: () => spawnSync(process.execPath, [executable, '--version'], {encoding: 'utf8'}).stdout.trim(),
  canDo: () => true,
  open(job) {
    const {data, losses, folder, form, jobs} = job;
    if (form === 'steady')
      return warmProcess(bound(job, [process.execPath, server, JSON.stringify({data, losses, jobs})]));
    const report = join(folder, 'report');
    const args = ['eval', '--pred', data.pred, '--target', data.target, '--losses', losses.join(), '--resume', 'never'];
    const command = [process.execPath, executable, ...args, '--quiet', '--report', report];
    if (jobs !== undefined) command.push('--jobs', String(jobs));
    return {
      async pass() {
        const {seconds, peakBytes} = await wholeProcess(bound(job, command), {cwd: folder});
        const {summary} = JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'));
        return {seconds, peakBytes, means: Object.fromEntries(losses.map((id) => [id, summary[id].mean]))};
      },
    };
  },
};

/** Whether `eval` has the flag that says how many workers there are. */
export function hasJobs() {
  return spawnSync(process.execPath, [executable, 'eval', '--help'], {encoding: 'utf8'}).stdout.includes('--jobs');
}
