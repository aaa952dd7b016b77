import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterAll, expect, test} from 'vitest';
import {probe} from '../../src/device/probe.js';

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-probe-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

let made = 0;

function program(code: string): URL {
  const path = join(folder, `${made++}.mjs`);
  writeFileSync(path, code);
  return pathToFileURL(path);
}

test('what a program prints last is its answer, whatever a library printed before', async () => {
  const answering = program(`process.stdout.write('a driver\\n' + JSON.stringify(process.argv.slice(2)))`);
  expect(await probe(answering, ['a', 'b'])).toEqual(['a', 'b']);
});

test.each([
  [`process.kill(process.pid, 'SIGILL')`, 'its process ended early (SIGILL)'],
  [
    `console.error('no such symbol\\nadvice'); process.exit(3)`,
    'its process ended early (exit code 3, no such symbol)',
  ],
  [`process.on('SIGTERM', () => {}); setTimeout(() => {}, 60_000)`, 'it gave no answer within 0.5 s'],
])('%s is told in one line', async (code, error) => {
  const timeoutMs = code.includes('setTimeout') ? 500 : 30_000;
  expect(await probe(program(code), [], {timeoutMs})).toEqual({error});
});

test('one that is not waited for any longer is ended', async () => {
  const signal = AbortSignal.timeout(100);
  expect(await probe(program(`setTimeout(() => {}, 59_000)`), [], {signal})).toHaveProperty('error');
});
