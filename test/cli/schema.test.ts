import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {Ajv} from 'ajv';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {flat, noise} from './pixels.js';
import {cell} from './rows.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const configs = fileURLToPath(new URL('../../configs/', import.meta.url));
const names = readdirSync(configs);

async function validator(...flags: string[]) {
  const {code, stdout} = await work.run(['schema', ...flags]);
  expect(code).toBe(0);
  const schema = JSON.parse(stdout) as {$schema: string};
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  return new Ajv({strict: true, strictTypes: false, strictTuples: false}).compile(schema);
}

describe('the ready configs', () => {
  test('are valid by `cv-loss schema`, which refuses what is not', async () => {
    const validate = await validator();
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(validate(parse(readFileSync(configs + name, 'utf8'))), name).toBe(true);
    for (const wrong of [{losses: ['msee']}, {loses: ['mse']}, {losses: [{type: 'psnr', weight: 1}]}]) {
      expect(validate(wrong), JSON.stringify(wrong)).toBe(false);
    }
  });

  test.concurrent.each(names)('%s runs, and its report is valid by `cv-loss schema --report`', async (name) => {
    const run = await work.run(['eval', '--config', configs + name, '--report', name, '--quiet']);
    expect(run).toMatchObject({code: 0, stdout: ''});
    const validate = await validator('--report');
    expect(validate(work.json(name, 'report.json'))).toBe(true);
    expect(work.rows(name).size).toBeGreaterThan(5);
  });

  test('training-objective.yaml has the total that it says', async () => {
    for (const row of work.rows('training-objective.yaml').values()) {
      const [mae, ssim, variation] = ['mae', 'ssim', 'total-variation'].map((column) => cell(row, column)) as [
        number,
        number,
        number,
      ];
      expect(cell(row, 'total')).toBeCloseTo(0.84 * mae + 0.16 * (1 - ssim) + 0.01 * variation, 12);
    }
  });
});

describe('a report with failures, groups, infinite and undefined values', () => {
  beforeAll(async () => {
    await work.image('pred/a/noise.png', noise(1, 20, 20));
    await work.image('target/a/noise.png', flat(9, 20, 20));
    await work.image('pred/a/same.png', noise(1, 20, 20));
    await work.image('target/a/same.png', noise(1, 20, 20));
    await work.image('pred/small.png', noise(1, 8, 8));
    await work.image('target/small.png', noise(2, 8, 8));
    work.write('pred/text.png', 'no image');
    await work.image('target/text.png', noise(2, 8, 8));
    const folders = ['--pred', 'pred', '--target', 'target', '--group-by', '{dir}'];
    const {code} = await work.run(['eval', ...folders, '--losses', 'mse,psnr,ssim', '--quiet']);
    expect(code).toBe(3);
  });

  test('is valid', async () => {
    const validate = await validator('--report');
    const report = work.json('cv-loss-report', 'report.json');
    expect(report).toMatchObject({
      counts: {samples: 4, ok: 2, undefined: 1, failed: 1},
      summary: {psnr: {infinite: 1}, ssim: {undefined: 1}},
    });
    validate(report);
    expect(validate.errors).toBeNull();
  });

  test.each([
    ['an unknown key', {surprise: 1}],
    ['a count that is no number', {failure_count: 'one'}],
    ['another form', {schema: 'cv-loss-report/2'}],
  ])('is not, with %s', async (_, change) => {
    const validate = await validator('--report');
    const report = work.json('cv-loss-report', 'report.json') as object;
    expect(validate({...report, ...change})).toBe(false);
  });
});
