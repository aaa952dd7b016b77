import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {bound} from '../bound.js';
import {wholeProcess} from '../whole-process.js';

const filters = {
  psnr: '[0:v][1:v]psnr=stats_file=-',
  'psnr,ssim': '[0:v]split[a][b];[1:v]split[c][d];[a][c]psnr=stats_file=-;[b][d]ssim',
};

/** FFmpeg's psnr and ssim filters in one process over a sequence of images. Its ssim is of blocks of 8×8, another number. */
export const ffmpeg = {
  name: 'ffmpeg',
  version() {
    const {stdout = '', error} = spawnSync('ffmpeg', ['-version'], {encoding: 'utf8'});
    return error ? null : /^ffmpeg version (\S+)/.exec(stdout)?.[1];
  },
  canDo: ({losses, form}) => form === 'process' && losses.join() in filters,
  open(job) {
    const inputs = [job.data.pred, job.data.target].flatMap((folder) => ['-i', join(folder, '%05d.png')]);
    const quiet = ['-hide_banner', '-nostats', '-loglevel', 'error'];
    const command = ['ffmpeg', ...quiet, ...inputs, '-lavfi', filters[job.losses.join()], '-f', 'null', '-'];
    return {
      async pass() {
        const {stdout, ...measured} = await wholeProcess(bound(job, command));
        return {...measured, means: {psnr: meanPsnr(stdout)}};
      },
    };
  },
};

/** From the mean squared errors of the frames, which are of 8-bit values; the decibels that it prints have two decimals. */
function meanPsnr(stats) {
  const values = [...stats.matchAll(/mse_avg:(\S+)/g)].map(([, mse]) => 10 * Math.log10(255 ** 2 / Number(mse)));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
