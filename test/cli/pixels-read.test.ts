import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {stringify} from 'yaml';
import {expectClose} from '../losses/close.js';
import {random} from '../losses/random.js';
import {mae} from '../losses/reference/mae.js';
import {mse} from '../losses/reference/mse.js';
import {psnr} from '../losses/reference/psnr.js';
import {plainSample, type ReferenceForm} from '../losses/reference/sample.js';
import {ssim} from '../losses/reference/ssim.js';
import {flat, noise} from './pixels.js';
import {cell} from './rows.js';
import {type Pixels, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const [HEIGHT, WIDTH] = [23, 31];
const FORMS: Readonly<Record<string, ReferenceForm>> = {mse, mae, psnr, ssim};

/** Nearly the target, so that no loss saturates. */
function near(target: Pixels): Pixels {
  const next = random(3);
  return {...target, data: target.data.map((value) => Math.max(0, Math.min(255, value + 40 * next() - 20)))};
}

const target = noise(2, HEIGHT, WIDTH);
const weight = noise(4, HEIGHT, WIDTH, 1);
const ignore = {...weight, data: noise(5, HEIGHT, WIDTH, 1).data.map((value) => (value < 60 ? 255 : 0))};
const images: Readonly<Record<string, Pixels>> = {pred: near(target), target, weight, ignore};

const VIEWS = [
  {},
  {color: 'luma'},
  {color: 'luma8'},
  {color: 'ycbcr-y'},
  {crop_border: 3},
  {color: 'ycbcr-y', crop_border: 4},
  {color: 'luma8', range: [0, 255]},
];
const LOSSES = VIEWS.flatMap((view, i) => Object.keys(FORMS).map((type) => ({type, id: `${type}-${i}`, ...view})));
const ROLES = [
  ['pred', 'target'],
  ['pred', 'target', 'weight'],
  ['pred', 'target', 'ignore'],
  ['pred', 'target', 'weight', 'ignore'],
];

beforeAll(async () => {
  for (const [role, image] of Object.entries(images)) await work.image(`${role}/image.png`, image);
  const runs = ROLES.map((roles, i) => {
    const inputs = Object.fromEntries(roles.map((role) => [role, role]));
    work.write(`config-${i}.yaml`, stringify({inputs, losses: LOSSES, report: {dir: `report-${i}`}}));
    return work.run(['eval', '--config', `config-${i}.yaml`, '--quiet']);
  });
  for (const run of await Promise.all(runs)) expect(run).toEqual({code: 0, stdout: '', stderr: ''});
});

describe('the config file against float64 loops over the pixels', () => {
  test.each(ROLES.map((roles, i) => [roles.join(), i] as const))('%s', (_, i) => {
    const rasters = Object.fromEntries(
      (ROLES[i] ?? []).map((role) => [role, {...(images[role] as Pixels), maximum: 255}]),
    );
    const row = work.rows(`report-${i}`).get('image');
    for (const {type, id, ...view} of LOSSES) {
      const reference = (FORMS[type] as ReferenceForm)(plainSample(rasters, view), view);
      expectClose(cell(row, id), reference, {relative: 1e-8, floor: 1e-12}, `${id} ${JSON.stringify(view)}`);
    }
  });
});

test('one file serves every sample of a role', async () => {
  for (const key of ['a', 'b']) {
    await work.image(`many/pred/${key}.png`, images.pred as Pixels);
    await work.image(`many/target/${key}.png`, target);
  }
  const args = ['eval', '--pred', 'many/pred', '--target', 'many/target', '--input', 'weight=weight/image.png'];
  await work.run([...args, '--losses', 'mse', '--quiet', '--report', 'shared']);
  const expected = work.rows('report-1').get('image')?.['mse-0'];
  expect([...work.rows('shared').values()].map((row) => row.mse)).toEqual([expected, expected]);
});

test('weights that are all 0 leave the value undefined', async () => {
  await work.image('none.png', flat(0, HEIGHT, WIDTH, 1));
  const args = ['eval', '--pred', 'pred/image.png', '--target', 'target/image.png', '--input', 'weight=none.png'];
  expect(await work.run([...args, '--losses', 'mse', '--quiet', '--report', 'none'])).toMatchObject({code: 0});
  expect(work.rows('none').get('image')).toMatchObject({status: 'undefined', mse: ''});
});
