import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, symlinkSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {flat, noise} from './pixels.js';
import {cell} from './rows.js';
import {Workspace} from './workspace.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const work = new Workspace(afterAll);
const HEIGHT = 9;
const WIDTH = 11;
const FOLDERS = ['--pred', 'pred', '--target', 'target'];

/** A loss of one column by typed arrays, `power` of the largest difference, or what `perSample` says. */
function code(id: string, changes: Readonly<Record<string, string>> = {}): string {
  const {perSample, aggregate, fail, ...fields} = changes;
  return `
import {defineLoss, SampleError, viewOptions, toView, z} from 'cv-loss';
export default defineLoss({
  id: '${id}', family: 'own', better: 'lower', summary: 'Largest difference', formula: 'max |pred - target|^power',
  reference: 'none', undefinedWhen: 'never', inputs: {pred: 'pixels', target: 'pixels'}, objective: 'itself',
  options: z.strictObject({...viewOptions, power: z.number().positive().default(1).describe('exponent')}),
  create: (options) => {
    ${fail ?? ''}
    return {
      columns: [{part: '', better: 'lower'}],
      view: toView(options),
      memory: () => 1,
      perSample: ${perSample ?? `async ({samples}) => ({'': samples.map((sample) => largest(sample) ** options.power)})`},
    };
  },
  ${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value},`)
    .join('\n')}
  ${aggregate ? `aggregate: ${aggregate},` : ''}
});
function largest(sample) {
  const [x, y] = [sample.view('pred'), sample.view('target')];
  return x.data.reduce((most, value, i) => Math.max(most, Math.abs(value * x.scale - y.data[i] * y.scale)), 0);
}
`;
}

/** Runs an evaluation with a plugin of this source. */
function evaluate(id: string, changes: Readonly<Record<string, string>>) {
  work.write(`${id}.mjs`, code(id, changes));
  const report = ['--report', `report-${id}`];
  return work.run(['eval', ...FOLDERS, '--plugin', `${id}.mjs`, '--losses', `mse,${id}`, '--quiet', ...report]);
}

beforeAll(async () => {
  mkdirSync(work.path('node_modules'));
  symlinkSync(root, work.path('node_modules', 'cv-loss'));
  work.write('plugins/largest.mjs', code('largest'));
  for (const key of [1, 2, 3]) {
    await work.image(`pred/${key}.png`, noise(key, HEIGHT, WIDTH));
    await work.image(`target/${key}.png`, flat(90, HEIGHT, WIDTH));
  }
});

describe('a plugin from a named config', () => {
  const config = 'plugins: [largest.mjs]\nlosses: [{type: largest, power: 2, weight: 3}]\n';

  test.concurrent('gives values, a total and its record in the report', async () => {
    work.write('plugins/c.yaml', config);
    const args = ['eval', ...FOLDERS, '--config', 'plugins/c.yaml', '--report', 'named', '--quiet'];
    expect(await work.run(args)).toEqual({code: 0, stdout: '', stderr: ''});
    const rows = work.rows('named');
    expect(rows.size).toBe(3);
    for (const [key, row] of rows) {
      const largest = Math.max(...noise(Number(key), HEIGHT, WIDTH).data.map((value) => Math.abs(value - 90))) / 255;
      expect(cell(row, 'largest')).toBeCloseTo(largest ** 2, 12);
      expect(cell(row, 'total')).toBeCloseTo(3 * largest ** 2, 12);
    }
    const sha256 = createHash('sha256').update(code('largest')).digest('hex');
    expect(work.json('named', 'report.json')).toMatchObject({
      config: {
        plugins: [{file: 'plugins/largest.mjs', sha256}],
        losses: [{type: 'largest', id: 'largest', weight: 3, power: 2}],
      },
      losses: {largest: {type: 'largest', better: 'lower', weight: 3}},
    });
  });

  test.concurrent('is refused when the config was only found', async () => {
    work.write('found/largest.mjs', "console.log('run'); throw new Error('run');");
    work.write('found/cv-loss.yaml', config);
    const {code: exit, stdout, stderr} = await work.run(['eval'], {cwd: work.path('found')});
    expect({exit, stdout}).toEqual({exit: 2, stdout: ''});
    expect(stderr).toBe(
      'cv-loss: cv-loss.yaml:1:11: plugins are code, which a config that was found and not named does not load; name it: --config cv-loss.yaml\n',
    );
  });
});

describe('--plugin', () => {
  test.concurrent('lists its loss with the others', async () => {
    const flag = ['--plugin', 'plugins/largest.mjs'];
    const [list, one, json] = await Promise.all([
      work.run(['losses', ...flag]),
      work.run(['losses', 'largest', ...flag]),
      work.run(['losses', 'largest', '--json', ...flag]),
    ]);
    expect(list.stdout).toMatch(/^mse .*Mean squared error/m);
    expect(list.stdout).toMatch(/^largest +own +lower +Largest difference$/m);
    expect(one.stdout).toMatch(/^power +number +1 +exponent$/m);
    expect(JSON.parse(json.stdout)).toMatchObject({
      id: 'largest',
      family: 'own',
      options: {additionalProperties: false},
    });
    expect(await work.run(['losses', 'largest'])).toMatchObject({code: 2, stdout: ''});
  });

  test.concurrent('adds its loss to the schema, and not to that of reports', async () => {
    const flag = ['--plugin', 'plugins/largest.mjs'];
    const {stdout} = await work.run(['schema', ...flag]);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('"const":"largest"');
    expect(await work.run(['schema', '--report', ...flag])).toEqual({
      code: 2,
      stdout: '',
      stderr: "cv-loss: option '--plugin <file>' cannot be used with option '--report'\n",
    });
  });

  test.concurrent('repeats', async () => {
    work.write('second.mjs', code('second'));
    const flags = ['--plugin', 'second.mjs', '--plugin', 'plugins/largest.mjs'];
    const run = await work.run(['eval', ...FOLDERS, ...flags, '--losses', 'largest,second', '--json', '--no-report']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      config: {plugins: [{file: 'second.mjs'}, {file: 'plugins/largest.mjs'}]},
      counts: {ok: 3},
    });
  });

  test.concurrent('a module that gives no loss is one line and exit 2', async () => {
    work.write('broken.mjs', "import {defineLoss} from 'cv-loss';\nexport default defineLoss({id: 'mse'});\n");
    const {code: exit, stdout, stderr} = await work.run(['losses', '--plugin', 'broken.mjs']);
    expect({exit, stdout}).toEqual({exit: 2, stdout: ''});
    for (const line of stderr.trimEnd().split('\n')) expect(line).toMatch(/^cv-loss: --plugin: broken\.mjs: missing '/);
    expect(await work.run(['losses', '--plugin', 'nowhere.mjs'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'cv-loss: --plugin: nowhere.mjs: cannot be read: no such file\n',
    });
  });

  test.concurrent('without cv-loss beside it, the plugin is told what to do', async () => {
    const alone = new Workspace(afterAll);
    alone.write('own.mjs', code('own'));
    expect((await alone.run(['losses', '--plugin', 'own.mjs'])).stderr).toMatch(
      /^cv-loss: --plugin: own\.mjs: cannot be loaded: Cannot find package 'cv-loss'.*; install cv-loss beside the plugin\n$/,
    );
  });
});

describe('a plugin that goes wrong in a run', () => {
  test.concurrent.each<[string, string, string]>([
    ['mean', 'async () => ({"": [0.5]})', "perSample gave 1 value for its column '', expected 3 values, one a sample"],
    ['extra', 'async ({samples}) => ({"": samples.map(() => 1), p: []})', "perSample gave a column 'p'"],
    ['text', 'async ({samples}) => ({"": samples.map(() => "1")})', "loss 'text' gave '1' for its column ''"],
    ['none', 'async () => undefined', 'perSample gave undefined, expected a map of its columns'],
  ])('%s: its rows fail, other losses are kept', async (id, perSample, message) => {
    expect(await evaluate(id, {perSample})).toMatchObject({code: 3, stdout: ''});
    for (const row of work.rows(`report-${id}`).values()) {
      expect(row.status).toBe('failed');
      expect(row.reason).toContain(`loss-failed: ${id}: ${message}`);
      expect(cell(row, 'mse')).toBeGreaterThan(0);
      expect(row[id]).toBe('');
    }
  });

  test.concurrent('a NaN is undefined, and a SampleError keeps its code', async () => {
    const perSample = `async ({samples}) => ({'': samples.map(({key}) => {
      if (key === '2') throw new SampleError('too-dark', 'nothing to see');
      return key === '1' ? Number.NaN : 7;
    })})`;
    expect(await evaluate('odd', {perSample})).toMatchObject({code: 3});
    const [one, two, three] = [...work.rows('report-odd').values()];
    expect(one).toMatchObject({status: 'undefined', odd: '', reason: 'odd: computed NaN'});
    expect(two).toMatchObject({status: 'failed', odd: '', reason: 'too-dark: odd: nothing to see'});
    expect(three).toMatchObject({status: 'ok', odd: '7'});
    expect(work.json('report-odd', 'report.json')).toMatchObject({summary: {odd: {value: 7, count: 1, undefined: 1}}});
  });

  test.concurrent('create throws: exit 2 before anything is read', async () => {
    expect(await evaluate('unmade', {fail: "throw new Error('no such layer');"})).toEqual({
      code: 2,
      stdout: '',
      stderr: "cv-loss: loss 'unmade': create: no such layer\n",
    });
    expect(existsSync(work.path('report-unmade'))).toBe(false);
  });

  test.concurrent('aggregate throws: exit 4, and an earlier report is untouched', async () => {
    await evaluate('summed', {aggregate: '() => ({dataset: 1})'});
    const before = work.read('report-summed', 'report.json');
    expect(before).toContain('"dataset": 1');
    expect(await evaluate('summed', {aggregate: "() => { throw new Error('no sum'); }"})).toEqual({
      code: 4,
      stdout: '',
      stderr:
        "cv-loss: 3 of 3 rows are kept in report-summed/rows.journal: the same command goes on with them\ncv-loss: loss-failed: loss 'summed': aggregate: no sum\n",
    });
    expect(work.read('report-summed', 'report.json')).toBe(before);
  });
});
