import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {type Finished, finished, startShell} from '../cli/cv-loss.js';
import {type CsvRow, cell, parseRows} from '../cli/rows.js';
import {PluginFolder} from '../config/plugin-files.js';
import {readPng} from '../png.js';

const contributing = readFileSync('CONTRIBUTING.md', 'utf8');
const [, section = ''] = /^## A loss of your own, as a plugin\n([\s\S]*?)(?=^## )/m.exec(contributing) ?? [];
const folder = new PluginFolder(afterAll);
const photos = new URL('../../fixtures/photos/', import.meta.url);

/** The one code block of a language. */
function block(language: string): string {
  const blocks = [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))];
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[1] ?? '';
}

/** Runs a line of the page in the folder where its files are. */
function run(command: string): Promise<Finished> {
  return finished(startShell(command.replace(/^npx /, ''), {cwd: folder.path, home: folder.path}));
}

let evaluation: Finished;
let rows: Map<string, CsvRow>;

beforeAll(async () => {
  folder.write('relative-mse.mjs', block('js'));
  folder.write('cv-loss.yaml', block('yaml'));
  evaluation = await run(block('sh').trim());
  rows = parseRows(readFileSync(join(folder.path, 'cv-loss-report/rows.csv'), 'utf8'));
});

test('the files are named as the text names them', () => {
  expect(section).toMatch(/write\n`relative-mse\.mjs`:\n\n```js/);
  expect(section).toMatch(/and `cv-loss\.yaml`, .*:\n\n```yaml/);
});

test('the command prints what the page shows', () => {
  const withoutSeconds = (text: string) => text.trim().replace(/[\d.]+ m?s$/m, '… s');
  expect(evaluation).toMatchObject({code: 0, stderr: ''});
  expect(withoutSeconds(evaluation.stdout)).toBe(withoutSeconds(block('text')));
});

test('the value is that of the formula, with the epsilon of the config', async () => {
  expect(rows.size).toBe(12);
  for (const [key, row] of rows) {
    const [x, y] = await Promise.all(['pred', 'target'].map((role) => readPng(new URL(`${role}/${key}.png`, photos))));
    if (!x || !y) throw new Error('two photos');
    let sum = 0;
    for (let i = 0; i < x.data.length; i++) {
      const pred = (x.data[i] as number) / 255;
      const target = (y.data[i] as number) / 255;
      sum += (pred - target) ** 2 / (target ** 2 + 0.05);
    }
    const expected = sum / x.data.length;
    expect(Math.abs(cell(row, 'relative-mse') / expected - 1)).toBeLessThan(1e-5);
  }
});

test('the command that shows it works', async () => {
  const [, command = ''] = /`npx (cv-loss losses relative-mse [^`]*)`/.exec(section) ?? [];
  expect(await run(command)).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('epsilon      number                        0.01     added to the squared target'),
  });
});

test('the config without its name is refused, and so is a file with another hash', async () => {
  expect(await run('cv-loss eval')).toMatchObject({code: 2, stderr: expect.stringContaining('name it: --config')});
  const hash = 'a'.repeat(64);
  folder.write(
    'pinned.yaml',
    block('yaml').replace('./relative-mse.mjs', `{file: ./relative-mse.mjs, sha256: ${hash}}`),
  );
  expect(await run('cv-loss eval --config pinned.yaml')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`has changed, expected the SHA-256 ${hash}`),
  });
});
