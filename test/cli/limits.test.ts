import {afterAll, expect, test} from 'vitest';
import {flat, noise} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

test('--max-memory: what does not fit fails its row, and the others are as they are without it', async () => {
  for (const role of ['pred', 'target']) {
    await work.image(`${role}/large.png`, flat(role === 'pred' ? 10 : 20, 1100, 1000));
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      await work.image(`${role}/${name}.png`, noise(i + (role === 'pred' ? 0 : 10), 300, 310));
    }
  }
  const eval_ = (report: string, ...more: string[]) =>
    work.run(['eval', '--pred', 'pred', '--target', 'target', '--losses', 'mse,ssim', '--report', report, ...more]);
  expect(await eval_('plain')).toMatchObject({code: 0});
  const {code, stderr} = await eval_('limited', '--max-memory', '256MB');
  expect(code).toBe(3);
  expect(stderr).toBe(
    'cv-loss: large: out-of-memory: pred: pred/large.png: has more than the 1000000 pixels that fit in max_memory (256000000 bytes)\n',
  );
  const lines = (report: string) => work.read(report, 'rows.csv').split('\n');
  expect(lines('limited').filter((line) => !line.startsWith('large,'))).toEqual(
    lines('plain').filter((line) => !line.startsWith('large,')),
  );
});

test.each(['none', '4 pounds'])('--max-memory %s: exit code 2', async (size) => {
  const run = await work.run(['eval', '--pred', 'pred', '--target', 'target', '--max-memory', size]);
  expect(run).toMatchObject({
    code: 2,
    stderr: `cv-loss: --max-memory: expected a size such as 4GiB or 500MB, got '${size}'\n`,
  });
});
