import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {flat, noise} from './pixels.js';
import {cell} from './rows.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const REASON = 'ssim: the image is 8×8, smaller than the 11×11 window';

beforeAll(async () => {
  for (const [key, side] of [
    ['large', 16],
    ['small', 8],
  ] as const) {
    await work.image(`pred/${key}.png`, noise(1, side, side));
    await work.image(`target/${key}.png`, flat(120, side, side));
  }
});

function run(policy: string | number | undefined, report: string) {
  const config = {
    inputs: {pred: 'pred', target: 'target'},
    losses: [
      {type: 'ssim', weight: 2, ...(policy === undefined ? {} : {undefined: policy})},
      {type: 'mae', weight: 1},
    ],
  };
  return work.run(['eval', '--config', '-', '--quiet', '--report', report], {input: JSON.stringify(config)});
}

describe.concurrent('an image smaller than the window of ssim', () => {
  test('by default: status undefined with its reason, counted, left out of the mean, exit code 0', async () => {
    expect(await run(undefined, 'skip')).toEqual({
      code: 0,
      stdout: '',
      stderr: `cv-loss: small: undefined: ${REASON}\n`,
    });
    const rows = work.rows('skip');
    expect(rows.get('small')).toMatchObject({status: 'undefined', reason: REASON, ssim: '', total: ''});
    expect(cell(rows.get('small'), 'mae')).toBeGreaterThan(0);
    expect(rows.get('large')).toMatchObject({status: 'ok', reason: ''});
    expect(work.json('skip', 'report.json')).toMatchObject({
      counts: {samples: 2, ok: 1, undefined: 1, failed: 0},
      summary: {
        ssim: {value: cell(rows.get('large'), 'ssim'), count: 1, undefined: 1},
        mae: {count: 2, undefined: 0},
        total: {count: 1, undefined: 1},
      },
    });
  });

  test('undefined: fail makes the row failed, exit code 3', async () => {
    const {code, stdout, stderr} = await run('fail', 'fail');
    expect({code, stdout, stderr}).toEqual({
      code: 3,
      stdout: '',
      stderr: `cv-loss: small: undefined-value: ${REASON}\n`,
    });
    expect(work.rows('fail').get('small')).toMatchObject({status: 'failed', reason: `undefined-value: ${REASON}`});
    expect(work.json('fail', 'report.json')).toMatchObject({
      counts: {samples: 2, ok: 1, undefined: 0, failed: 1},
      failures: [{key: 'small', code: 'undefined-value', message: REASON}],
    });
  });

  test('undefined: 0 puts 0 in its place', async () => {
    expect(await run(0, 'zero')).toEqual({code: 0, stdout: '', stderr: ''});
    const row = work.rows('zero').get('small');
    expect(row).toMatchObject({status: 'ok', reason: '', ssim: '0'});
    expect(cell(row, 'total')).toBeCloseTo(2 * (1 - 0) + cell(row, 'mae'), 12);
    expect(work.json('zero', 'report.json')).toMatchObject({summary: {ssim: {count: 2, undefined: 0, min: 0}}});
  });
});

test.concurrent('identical images: psnr is infinite, counted apart, status ok', async () => {
  const args = ['eval', '--pred', 'pred', '--target', 'pred', '--losses', 'psnr', '--report', 'same'];
  const {code, stdout} = await work.run(args);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^psnr +higher +inf /m);
  for (const row of work.rows('same').values()) expect(row).toMatchObject({status: 'ok', psnr: 'inf'});
  expect(work.json('same', 'report.json')).toMatchObject({
    summary: {psnr: {value: 'inf', mean: 'inf', count: 2, infinite: 2, std: null, min: null, ci95: null}},
  });
});

test.concurrent('a border that leaves no pixel is an undefined row', async () => {
  const args = ['eval', '--pred', 'pred', '--target', 'target', '--losses', 'mse', '--set', 'losses.mse.crop_border=4'];
  expect(await work.run([...args, '--quiet', '--report', 'border'])).toMatchObject({code: 0});
  expect(work.rows('border').get('small')).toMatchObject({
    status: 'undefined',
    reason: 'mse: crop_border leaves no pixel',
  });
});
