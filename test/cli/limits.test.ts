import {afterAll, expect, test} from 'vitest';
import {random} from '../losses/random.js';
import {noise} from './pixels.js';
import {type Pixels, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

const STREAMED = 'mse,mae,rmse,huber,charbonnier,log-cosh,psnr,ssim,ms-ssim,total-variation,gmsd';

test('--max-memory: what does not fit is scored in strips, or fails its row; the others are as they are without it', async () => {
  for (const role of ['pred', 'target']) {
    await work.image(`${role}/large.png`, noise(role === 'pred' ? 30 : 40, 1100, 1000));
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      await work.image(`${role}/${name}.png`, noise(i + (role === 'pred' ? 0 : 10), 300, 310));
    }
  }
  const lines = (report: string) => work.read(report, 'rows.csv').split('\n');
  const eval_ = async (report: string, losses: string, ...more: string[]) => {
    const place = ['--pred', 'pred', '--target', 'target', '--report', report];
    const run = await work.run(['eval', ...place, '--losses', losses, ...more], {env: {TMPDIR: work.path('.')}});
    return {...run, lines: lines(report)};
  };
  const plain = await eval_('plain', STREAMED);
  const limited = await eval_('limited', STREAMED, '--max-memory', '256MB');
  expect(limited).toMatchObject({code: 0, lines: plain.lines});
  expect(limited.lines).toHaveLength(6);
  // A loss that is not read in strips, and a file that is not.
  const whole = await eval_('whole', 'mse,texture', '--max-memory', '256MB');
  const because = (why: string) =>
    `cv-loss: large: out-of-memory: pred: pred/large.png: has more than the 1000000 pixels that fit in max_memory (256000000 bytes), and ${why}\n`;
  expect(whole).toMatchObject({code: 3, stderr: because('the loss texture needs it whole')});
  const mse = (line: string) => line.split(',').slice(0, 6);
  const small = (line: string) => line !== '' && !line.startsWith('large,');
  expect(whole.lines.filter(small).map(mse)).toEqual(plain.lines.filter(small).map(mse));
  await work.image('target/large.png', noise(40, 1100, 1000, 1));
  const size = await eval_('size', 'mse', '--max-memory', '256MB', '--set', 'image.size=[300,310]');
  expect(size).toMatchObject({code: 3, stderr: because('image.size needs images whole to change theirs')});
  // Nothing is left of what was decoded.
  expect(work.contents().filter((name) => name.includes('.tmp'))).toEqual([]);
});

const COUNTED = 'iou,dice,precision,recall,accuracy,mcc,kappa,confusion';

/** A mask of these ids. */
function ids(height: number, width: number, among: readonly number[], seed: number): Pixels {
  const next = random(seed);
  const data = Uint8Array.from({length: height * width}, () => among[Math.floor(among.length * next())] as number);
  return {height, width, channels: 1, data};
}

test('--max-memory: masks that do not fit are counted in strips, binary ones and ids of classes', async () => {
  for (const [i, role] of ['pred', 'target'].entries()) {
    await work.image(`binary/${role}/a.png`, ids(400, 500, [0, 255], i));
    await work.image(`classes/${role}/a.png`, ids(400, 500, role === 'pred' ? [0, 1, 2] : [0, 1, 2, 255], i + 2));
  }
  const eval_ = async (report: string, folder: string, ...more: string[]) => {
    const place = ['--pred', `${folder}/pred`, '--target', `${folder}/target`, '--report', report, '--task', 'mask'];
    const run = await work.run(['eval', ...place, '--losses', COUNTED, '--quiet', ...more]);
    return {code: run.code, stderr: run.stderr, rows: work.read(report, 'rows.csv')};
  };
  for (const [folder, ...more] of [['binary'], ['classes', '--set', 'classes=3']]) {
    const plain = await eval_(`${folder}-whole`, folder as string, ...more);
    expect(plain.code, plain.stderr).toBe(0);
    expect(await eval_(`${folder}-strips`, folder as string, ...more, '--max-memory', '50MB')).toEqual(plain);
  }
});

test.each(['none', '4 pounds'])('--max-memory %s: exit code 2', async (size) => {
  const run = await work.run(['eval', '--pred', 'pred', '--target', 'target', '--max-memory', size]);
  expect(run).toMatchObject({
    code: 2,
    stderr: `cv-loss: --max-memory: expected a size such as 4GiB or 500MB, got '${size}'\n`,
  });
});
