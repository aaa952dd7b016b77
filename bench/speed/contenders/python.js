import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {bound} from '../bound.js';
import {warmProcess} from '../warm-process.js';
import {wholeProcess} from '../whole-process.js';

const here = fileURLToPath(new URL('../../peers/venv/bin/python', import.meta.url));
const program = fileURLToPath(new URL('../../peers/pixels.py', import.meta.url));

/** The Python of bench/peers/run.sh, or the one that CV_LOSS_BENCH_PYTHON names. */
const python = process.env.CV_LOSS_BENCH_PYTHON ?? here;

/** What each library computes of cv-loss's losses. Values are compared where the conventions are the same (pixels.py). */
const libraries = {
  piq: ['mse', 'mae', 'psnr', 'ssim', 'ms-ssim', 'total-variation'],
  torchmetrics: ['mse', 'mae', 'psnr', 'ssim', 'ms-ssim', 'total-variation'],
  monai: ['mse', 'mae', 'psnr', 'ssim', 'ms-ssim'],
  skimage: ['mse', 'psnr', 'ssim'],
};

/** piq, torchmetrics, MONAI and scikit-image, each in a Python process of its own. */
export const pythonPeers = Object.entries(libraries).map(([name, losses]) => ({
  name,
  version: () => versions()[name] ?? null,
  canDo: (job) => job.losses.every((id) => losses.includes(id)),
  open(job) {
    const args = ['-W', 'ignore', program, name, job.losses.join(), job.data.pred, job.data.target];
    const command = bound(job, [python, ...args]);
    if (job.form === 'steady') return warmProcess([...command, '--serve']);
    return {
      async pass() {
        const {stdout, ...measured} = await wholeProcess(command);
        return {...measured, means: JSON.parse(stdout).means};
      },
    };
  },
}));

let known = null;

function versions() {
  known ??= existsSync(python)
    ? JSON.parse(spawnSync(python, [program, '--versions'], {encoding: 'utf8'}).stdout || '{}')
    : {};
  return known;
}
