import {existsSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {bound} from '../bound.js';
import {warmProcess} from '../warm-process.js';
import {wholeProcess} from '../whole-process.js';

const folder = fileURLToPath(new URL('../../peers/npm/', import.meta.url));

/**
 * What npm has, each with the losses that are nearest to what it computes: pixelmatch and odiff count the pixels that
 * look different, ssim.js gives SSIM of grey images. Their numbers are others, so none is compared.
 */
const packages = [
  {
    name: 'pixelmatch',
    library: 'pixelmatch',
    package: 'pixelmatch',
    nearest: ['mse', 'mae', 'psnr'],
    forms: ['process', 'steady'],
  },
  {name: 'odiff', library: 'odiff', package: 'odiff-bin', nearest: ['mse', 'mae', 'psnr'], forms: ['process']},
  {name: 'ssim.js', library: 'ssim', package: 'ssim.js', nearest: ['psnr', 'ssim'], forms: ['process', 'steady']},
];

export const npmPeers = packages.map(({name, library, package: from, nearest, forms}) => ({
  name,
  version() {
    const manifest = `${folder}node_modules/${from}/package.json`;
    return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : null;
  },
  canDo: ({losses, form}) => losses.join() === nearest.join() && forms.includes(form),
  open(job) {
    const command = bound(job, [process.execPath, `${folder}pairs.js`, library, job.data.pred, job.data.target]);
    if (job.form === 'steady') return warmProcess([...command, '--serve']);
    return {pass: () => wholeProcess(command)};
  },
}));
