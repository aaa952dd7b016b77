import {spawnSync} from 'node:child_process';
import {cpSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The run that the pictures of the README show, in an empty folder: one photograph of twelve went wrong, held against a run in
 * which none did. Gives what a terminal shows, in colours; the report is in `cv-loss-report`.
 */
export function readmeRun(work, formats) {
  const cvLoss = (...args) => {
    const env = {...process.env, FORCE_COLOR: '1', HOME: work};
    return spawnSync(process.execPath, [join(root, 'bin/cv-loss.js'), ...args], {cwd: work, env, encoding: 'utf8'});
  };
  cpSync(join(root, 'fixtures/photos'), work, {recursive: true});
  cpSync(join(work, 'pred'), join(work, 'out'), {recursive: true});
  const flags = ['--pred', 'out', '--target', 'target', '--losses', 'psnr,ssim'];
  cvLoss('eval', ...flags, '--baseline', 'main', '--update-baseline', '--quiet');
  cpSync(join(work, 'pred/004.png'), join(work, 'out/002.png'));
  const typed = ['eval', ...flags, '--baseline', 'main', '--limit', '1%', '--gate', 'psnr.mean>=22'];
  const {stdout} = cvLoss(...typed, '--report-format', formats);
  const line = ['npx cv-loss', ...typed.map((word) => (/[>*]/.test(word) ? `'${word}'` : word))].join(' ');
  return `$ ${line}\n${stdout}`;
}
