import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {scratchFolder} from './scratch.js';

const MODULE = new URL('../../dist/storage/content-cache.js', import.meta.url).href;
const MAX_BYTES = 40 * 8192;

/**
 * Reads and writes values under 120 keys in its own order until told to stop, through caches of which each is used for
 * a while; a value that is not the one that belongs to its key ends it with code 9. Prints its hits.
 */
const PROGRAM = `
import {createHash} from 'node:crypto';
import {ContentCache} from ${JSON.stringify(MODULE)};
const [folder, rounds, seed] = process.argv.slice(2);
const keys = Array.from({length: 120}, (_, i) => createHash('sha256').update(String(i)).digest('hex'));
const content = (i) => new Uint8Array(5000 + i).fill(i);
let [state, hits] = [Number(seed), 0];
for (let round = 0; round < Number(rounds); round++) {
  const cache = new ContentCache({folder, maxBytes: ${MAX_BYTES}, onProblem: (reason) => { console.error(reason); process.exit(8); }});
  for (let n = 0; n < 40; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const i = (state >>> 8) % 120;
    const value = await cache.get(keys[i]);
    if (value && Buffer.compare(value, content(i)) !== 0) process.exit(9);
    if (value) hits++;
    else await cache.put(keys[i], content(i));
  }
  await cache.close();
}
console.log(hits);
`;

function start(folder: string, script: string, rounds: number, seed: number): ChildProcess {
  return spawn(process.execPath, [script, folder, String(rounds), String(seed)], {stdio: 'pipe'});
}

function ended(child: ChildProcess): Promise<{code: number | null; text: string}> {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({code, text}));
  });
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true});
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('processes that read, write and make room in one folder never see a wrong value, and stay within the bound', async () => {
  expect(existsSync(fileURLToPath(MODULE))).toBe(true);
  const folder = join(scratchFolder(), 'features');
  const script = join(scratchFolder(), 'program.mjs');
  writeFileSync(script, PROGRAM);
  // One is killed in the middle of its work again and again.
  const killed = (async () => {
    for (let seed = 0; seed < 4; seed++) {
      const child = start(folder, script, 1000, 100 + seed);
      const end = ended(child);
      await setTimeout(250 + 40 * seed);
      child.kill('SIGKILL');
      await end;
    }
  })();
  const results = await Promise.all([1, 2, 3].map((seed) => ended(start(folder, script, 12, seed))));
  await killed;
  for (const {code, text} of results) {
    expect([code, Number(text) > 0, text]).toEqual([0, true, text]);
  }
  // What ends last leaves no more than the bound, whatever was killed before.
  expect((await ended(start(folder, script, 1, 7))).code).toBe(0);
  const files = filesOf(folder);
  const bytes = files.reduce((sum, file) => sum + Math.ceil(statSync(file).size / 4096) * 4096, 0);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
  expect(files.length).toBeGreaterThan(20);
});
