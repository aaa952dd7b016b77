import process from 'node:process';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';
import {bound} from '../bound.js';
import {warmProcess} from '../warm-process.js';
import {wholeProcess} from '../whole-process.js';

const program = fileURLToPath(new URL('../decode-files.js', import.meta.url));

/** What no scorer of the same files can beat: decoding them with sharp on all cores and doing nothing else. */
export const decodeOnly = {
  name: 'decode only (sharp)',
  version: () => sharp.versions.sharp,
  canDo: () => true,
  open(job) {
    const command = bound(job, [process.execPath, program, job.data.pred, job.data.target]);
    if (job.form === 'steady') return warmProcess([...command, '--serve']);
    return {pass: () => wholeProcess(command)};
  },
};
