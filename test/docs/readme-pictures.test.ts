import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {readmeRun} from '../../scripts/readme-run.js';
import {terminalPicture} from '../../scripts/terminal-picture.js';

test('the terminal of the README shows what is printed; node scripts/readme-pictures.js draws it', () => {
  const work = mkdtempSync(join(tmpdir(), 'cv-loss-readme-'));
  onTestFinished(() => rmSync(work, {recursive: true, force: true}));
  const withoutSeconds = (picture: string) => picture.replace(/[\d.]+ s</, '… s<');
  const drawn = readFileSync('docs/img/terminal.svg', 'utf8');
  expect(withoutSeconds(terminalPicture(readmeRun(work, 'csv,json')))).toBe(withoutSeconds(drawn));
});

test('its pictures are small', () => {
  for (const name of ['terminal.svg', 'report.webp']) expect(statSync(`docs/img/${name}`).size).toBeLessThan(100_000);
});
