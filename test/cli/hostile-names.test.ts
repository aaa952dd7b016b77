import {afterAll, beforeAll, expect, test} from 'vitest';
import {noise} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

/** What a terminal, a spreadsheet, GitHub, a browser or an XML reader would obey in a name. */
const NAMES = [
  'escape-\u001b]0;title\u0007\u001b[2J',
  'c1-\u009b31m\u0085',
  'bidi-\u202egnp.\u2066',
  'lines-\n::error title=x::forged\r%0A',
  '=HYPERLINK(1)',
  '-2+3',
  '<script>alert(1)<script> & "quoted"',
  '[a](http:a) `b` | c',
  '::stop-commands::x ##[add-mask]y',
  ' ::error::##vso[task.setvariable]z',
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

beforeAll(async () => {
  for (const [i, name] of NAMES.entries()) {
    // Every other one cannot be scored, so that names come in values and in failures.
    if (i % 2 === 0) await work.image(`pred/${name}.png`, noise(i, 12, 12));
    else work.write(`pred/${name}.png`, 'no image \u001b[31m');
    await work.image(`target/${name}.png`, noise(100 + i, 12, 12));
  }
});

const args = [
  'eval',
  '--pred',
  'pred',
  '--target',
  'target',
  '--losses',
  'mse,psnr',
  '--gate',
  'mse.mean<=0',
  '--github',
];

test('are escaped on standard output, standard error, in annotations and in the step summary', async () => {
  const formats = 'csv,json,junit,openmetrics,markdown';
  const {code, stdout, stderr} = await work.run([...args, '--report-format', formats], {
    env: {GITHUB_STEP_SUMMARY: work.path('summary.md')},
  });
  expect(code).toBe(3);
  for (const [what, text] of Object.entries({stdout, stderr, summary: work.read('summary.md')})) {
    expect(text, what).not.toMatch(OBEYED);
    expect(text, what).not.toMatch(/^\s*::(?!(error|warning|notice) title=cv-loss )/m);
    if (what !== 'summary') expect(text, what).not.toMatch(/##\w*\[/);
  }
  expect(stdout).toContain('escape-\\u{1b}]0;title\\u{7}\\u{1b}[2J');
  expect(work.read('summary.md')).not.toMatch(/<script>|\]\(http|^::/m);
  const commands = stderr.split('\n').filter((line) => line.startsWith('::'));
  expect(commands.length).toBeGreaterThan(4);
  for (const line of commands)
    expect(line).toMatch(/^::(error|warning|notice) title=cv-loss (gate|sample|worst mse)::/);
  const cells = work
    .read('cv-loss-report/rows.csv')
    .split('\n')
    .map((line) => line.split(',')[0]);
  expect(cells).toEqual(expect.arrayContaining(["'=HYPERLINK(1)", "'-2+3"]));
  expect(work.read('cv-loss-report/junit.xml')).not.toMatch(/<script>/);
});

test('are escaped in --json, which says the same names', async () => {
  const {stdout, stderr} = await work.run([...args, '--json', '--no-report']);
  expect(`${stdout}${stderr}`).not.toMatch(OBEYED);
  const {failures} = JSON.parse(stdout) as {failures: {key: string}[]};
  expect(failures.map(({key}) => key).sort()).toEqual(NAMES.filter((_, i) => i % 2 === 1).sort());
});

test.each([
  ['a flag', ['eval', '--\u001b[31m']],
  ['an argument', ['losses', 'm\u009b31m\u202e']],
  ['a role', ['eval', '--input', 'p\u001b[31m=x']],
  ['a setting', ['eval', '--set', 'losses=\u001b[31m']],
  ['a folder', ['compare', 'no\u001b]0;x\u0007', 'no\nsuch']],
])('are escaped in what is said of %s', async (_, given) => {
  const {code, stderr} = await work.run(given);
  expect(code).toBe(2);
  expect(stderr).not.toMatch(OBEYED);
});
