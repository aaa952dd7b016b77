import {statSync, utimesSync, writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {isUnchanged, stateBeforeRead} from '../../src/run/file-state.js';
import {watchFileSystem} from '../storage/faults.js';
import {Scratch, sha256Of} from './scratch.js';

/** Whether a file is unchanged, and whether it was read to know. */
async function ask(path: string, states: Parameters<typeof isUnchanged>[1], sha256 = sha256Of(path)) {
  const calls: string[] = [];
  const watch = watchFileSystem((call) => calls.push(call));
  const unchanged = await isUnchanged(path, states, sha256);
  watch.release();
  return {unchanged, read: calls.includes('readFile')};
}

test('a file whose times have settled is known by them, without reading it', async () => {
  const path = new Scratch().write('f', 'content');
  const stats = statSync(path);
  const state = stateBeforeRead(stats, stats.ctimeMs + 2001);
  expect(await ask(path, [state])).toEqual({unchanged: true, read: false});
  utimesSync(path, 1, 1);
  expect(await ask(path, [state])).toEqual({unchanged: true, read: true});
  writeFileSync(path, 'CONTENT');
  expect(await ask(path, [state], sha256Of(new Scratch().write('g', 'content')))).toEqual({
    unchanged: false,
    read: true,
  });
});

test('a file that was changed just before it was read may change again under the same times: its bytes decide', async () => {
  const path = new Scratch().write('f', 'content');
  const stats = statSync(path);
  for (const now of [stats.ctimeMs, stats.ctimeMs + 1999, stats.ctimeMs - 60_000]) {
    const state = stateBeforeRead(stats, now);
    expect(await ask(path, [state])).toEqual({unchanged: true, read: true});
    expect(await ask(path, [state], 'of other bytes')).toEqual({unchanged: false, read: true});
  }
});

test('a file that is not there, or as many states as there are no files', async () => {
  const path = new Scratch().write('f', 'content');
  const state = stateBeforeRead(statSync(path));
  expect(await isUnchanged(`${path}.gone`, [state], sha256Of(path))).toBe(false);
  expect(await isUnchanged(path, [], sha256Of(path))).toBe(false);
  expect(await isUnchanged(path, [state, state], sha256Of(path))).toBe(false);
});
