import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {flat, noise} from './pixels.js';
import {cell} from './rows.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const EVAL = ['eval', '--pred', 'pred', '--target', 'target', '--losses', 'mse,psnr'];
const KEYS = ['a', 'b', 'c'];

beforeAll(async () => {
  for (const [i, key] of KEYS.entries()) {
    await work.image(`pred/${key}.png`, noise(i, 12, 14));
    await work.image(`target/${key}.png`, flat(100 + i, 12, 14));
  }
});

/** The files of a folder. */
function filesOf(folder: string): string[] {
  return work
    .contents()
    .filter((name) => name.startsWith(`work/${folder}/`))
    .map((name) => name.slice(`work/${folder}/`.length));
}

describe.concurrent('standard output', () => {
  test('tables: the counts, a line for each loss, the worst five pairs, where the report is', async () => {
    const {code, stdout, stderr} = await work.run([...EVAL, '--report', 'tables']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^3 samples: 3 ok · device cpu · \d+\.\d s$/);
    expect(lines).toContain('report in tables');
    const rows = work.rows('tables');
    for (const [loss, sign] of [
      ['mse', -1],
      ['psnr', 1],
    ] as const) {
      const worst = KEYS.map((key) => ({key, value: cell(rows.get(key), loss)})).sort(
        (a, b) => sign * (a.value - b.value),
      );
      const shown = worst.map(({key, value}) => `${key} ${Number(value.toPrecision(5))}`).join('  ');
      expect(lines.find((line) => line.startsWith(`${loss} `) && line.includes('a '))).toMatch(
        new RegExp(`^${loss} +${shown.replaceAll('.', '\\.').replaceAll('  ', ' +')}$`),
      );
    }
    // Not on a terminal: no colours, no progress.
    expect(stdout).not.toContain('\u001b');
  });

  test('--worst 0 leaves the worst pairs out', async () => {
    const {stdout} = await work.run([...EVAL, '--no-report', '--worst', '0']);
    expect(stdout).not.toContain('worst');
  });

  test('--json prints report.json and nothing else', async () => {
    const {code, stdout, stderr} = await work.run([...EVAL, '--json', '--report', 'json']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toBe(work.read('json', 'report.json'));
    expect(JSON.parse(stdout)).toMatchObject({counts: {samples: 3, ok: 3}});
  });

  test('--quiet prints nothing', async () => {
    expect(await work.run([...EVAL, '--quiet', '--report', 'quiet'])).toEqual({code: 0, stdout: '', stderr: ''});
    expect(filesOf('quiet')).toContain('report.json');
  });
});

describe.concurrent('files', () => {
  test('rows.csv, report.json and timing.json by default, no temporaries', async () => {
    await work.run([...EVAL, '--quiet']);
    expect(filesOf('cv-loss-report')).toEqual(['report.json', 'rows.csv', 'timing.json']);
    expect(work.read('cv-loss-report', 'rows.csv').split('\n')[0]).toBe(
      'key,status,reason,width,height,mse,psnr,psnr.squared_error,psnr.count',
    );
    for (const row of work.rows().values())
      expect(row).toMatchObject({status: 'ok', reason: '', width: '14', height: '12'});
  });

  test('--report-format csv,jsonl,json: the same values in each', async () => {
    await work.run([...EVAL, '--quiet', '--report', 'all', '--report-format', 'csv,jsonl,json']);
    expect(filesOf('all')).toEqual(['report.json', 'rows.csv', 'rows.jsonl', 'timing.json']);
    const lines = work.read('all', 'rows.jsonl').trimEnd().split('\n');
    const rows = work.rows('all');
    expect(lines).toHaveLength(rows.size);
    for (const line of lines) {
      const {key, values, sha256} = JSON.parse(line) as {key: string; values: object; sha256: object};
      const row = rows.get(key);
      expect(values).toEqual(Object.fromEntries(Object.keys(values).map((column) => [column, cell(row, column)])));
      const hash = (role: string) =>
        createHash('sha256')
          .update(readFileSync(work.path(role, `${key}.png`)))
          .digest('hex');
      expect(sha256).toEqual({pred: hash('pred'), target: hash('target')});
    }
  });

  test('--report-format csv alone', async () => {
    await work.run([...EVAL, '--quiet', '--report', 'csv', '--report-format', 'csv']);
    expect(filesOf('csv')).toEqual(['rows.csv', 'timing.json']);
  });

  test('a second run replaces the first, with what no longer belongs to it', async () => {
    const run = (...flags: string[]) => work.run([...EVAL, '--quiet', '--report', 'again', ...flags]);
    await run('--report-format', 'csv,jsonl,json');
    work.write('again/notes.txt', "the user's own");
    await run('--losses', 'mae');
    expect(filesOf('again')).toEqual(['notes.txt', 'report.json', 'rows.csv', 'timing.json']);
    expect(work.json('again', 'report.json')).toMatchObject({columns: [{name: 'mae', better: 'lower'}]});
  });

  test('a key that a spreadsheet would run is guarded in rows.csv', async () => {
    await work.image('odd/=1+1.png', noise(1, 12, 12));
    await work.run(['eval', '--pred', 'odd', '--target', 'odd', '--quiet', '--report', 'odd-report']);
    expect([...work.rows('odd-report').keys()]).toEqual(["'=1+1"]);
    expect(work.json('odd-report', 'report.json')).toMatchObject({counts: {ok: 1}});
  });
});

test('--no-report writes nothing, not in the home either', async () => {
  const before = work.contents();
  expect(await work.run([...EVAL, '--no-report'])).toMatchObject({code: 0});
  expect(work.contents()).toEqual(before);
  expect(before.filter((name) => name.startsWith('home/'))).toEqual([]);
});
