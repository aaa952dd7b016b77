import {once} from 'node:events';
import {chmodSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {lockFolder} from '../../src/storage/folder-lock.js';
import {HOST, processStart} from '../../src/storage/process-identity.js';
import {asOrdinaryUser} from '../ordinary-user.js';
import {systemError, watchFileSystem} from './faults.js';
import {startLockTaker} from './lock-taker.js';
import {scratchFolder} from './scratch.js';

const LOCK = '.cv-loss.lock';
const MINUTE = 60;

/** Makes a lock or what looks like one, as old as `seconds`. */
function leave(folder: string, content: string | object, seconds = 0): void {
  const path = join(folder, LOCK);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const then = Date.now() / 1000 - seconds;
  utimesSync(path, then, then);
}

/** What taking a folder gives: `taken` (and given back), or the message of the UsageError. */
async function take(folder: string): Promise<string> {
  try {
    await (await lockFolder(folder)).release();
    return 'taken';
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

const DEAD = {pid: 4_190_000, host: HOST, start: '1', id: 'left'};

test('a folder is one run’s at a time, and nothing is left in it', async () => {
  const folder = scratchFolder();
  const lock = await lockFolder(folder);
  await lock.check();
  expect(await take(folder)).toBe(
    `another run (process ${process.pid}) is writing ${folder}; wait for it, or choose another folder`,
  );
  await lock.check();
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
  expect(await take(folder)).toBe('taken');
});

test('a lock of a living process is held, of a killed one it is not', async () => {
  const folder = scratchFolder();
  const {child, lock} = startLockTaker();
  expect(await lock(folder)).toBe('held');
  expect(await take(folder)).toContain(`another run (process ${child.pid}) is writing`);
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
  expect(readdirSync(folder)).toEqual([LOCK]);
  expect(await take(folder)).toBe('taken');
  expect(readdirSync(folder)).toEqual([]);
});

describe('a lock that is left', () => {
  const start = processStart(process.ppid);
  test.runIf(start !== null)('by a process whose id another one has now: their starts differ', async () => {
    const folder = scratchFolder();
    leave(folder, {...DEAD, pid: process.ppid, start});
    expect(await take(folder)).toContain(`process ${process.ppid}`);
    leave(folder, {...DEAD, pid: process.ppid, start: `${start}0`});
    expect(await take(folder)).toBe('taken');
  });

  test('where the system does not tell starts, the message says what to do when the process is another', async () => {
    const folder = scratchFolder();
    leave(folder, {...DEAD, pid: process.ppid, start: null});
    expect(await take(folder)).toBe(
      `another run (process ${process.ppid}) is writing ${folder}; wait for it, or choose another folder; if it is gone, remove ${join(folder, LOCK)}`,
    );
  });

  test('on another machine is held for ten minutes after the last sign', async () => {
    const folder = scratchFolder();
    leave(folder, {...DEAD, host: '00000000'}, 9 * MINUTE);
    expect(await take(folder)).toBe(
      `another run (process ${DEAD.pid} on another machine) is writing ${folder}; wait for it, or choose another folder; if it is gone, remove ${join(folder, LOCK)}`,
    );
    leave(folder, {...DEAD, host: '00000000'}, 11 * MINUTE);
    expect(await take(folder)).toBe('taken');
  });

  test('by another thread of this process is held while it shows signs; an earlier process of this id shows none', async () => {
    const folder = scratchFolder();
    const thread = {...DEAD, pid: process.pid, start: processStart(process.pid)};
    leave(folder, thread);
    if (thread.start !== null) expect(await take(folder)).toContain('another run (process');
    leave(folder, thread, 2 * MINUTE);
    expect(await take(folder)).toBe('taken');
    leave(folder, {...thread, start: '1'});
    expect(await take(folder)).toBe('taken');
  });

  test.each(['', '{"pid":', '\0\0\0', '{"pid": "other"}'])(
    'with the content %j: held for a moment only',
    async (content) => {
      const folder = scratchFolder();
      leave(folder, content);
      expect(await take(folder)).toBe(`another run is writing ${folder}; wait for it, or choose another folder`);
      leave(folder, content, 11);
      expect(await take(folder)).toBe('taken');
    },
  );

  test('while another process that took it over died: a moment later it is taken', async () => {
    const folder = scratchFolder();
    leave(folder, DEAD);
    const taking = join(folder, `${LOCK}.taking`);
    writeFileSync(taking, '');
    utimesSync(taking, 0, 0);
    expect(await take(folder)).toBe('taken');
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('several processes at once, a stale lock or none: exactly one has the folder', {timeout: 120_000}, async () => {
  const takers = Array.from({length: 3}, startLockTaker);
  await Promise.all(takers.map(({lock}) => lock(scratchFolder())));
  const left = ['stale', 'none', 'old and empty', 'of another machine'] as const;
  for (let round = 0; round < 40; round++) {
    const folder = scratchFolder();
    const kind = left[round % left.length];
    if (kind === 'stale') leave(folder, DEAD);
    if (kind === 'old and empty') leave(folder, '', 60);
    if (kind === 'of another machine') leave(folder, {...DEAD, host: '00000000'}, 60 * MINUTE);
    const at = Date.now() + 15;
    const answers = await Promise.all(takers.map(({lock}) => lock(folder, at)));
    const losers = answers.filter((answer) => answer !== 'held');
    expect(losers, `${kind}: ${answers.join(' | ')}`).toHaveLength(takers.length - 1);
    for (const answer of losers) expect(answer).toMatch(/^UsageError: another run (\(process \d+\) )?is writing /);
    const winner = takers[answers.indexOf('held')]?.child.pid;
    expect(JSON.parse(readFileSync(join(folder, LOCK), 'utf8'))).toMatchObject({pid: winner});
    expect(readdirSync(folder)).toEqual([LOCK]);
  }
});

describe('check', () => {
  const lost = (folder: string) => ({
    name: 'RunError',
    code: 'output-lost',
    message: `cannot write ${folder}: it was removed, or another run took it over`,
  });

  test('after the folder was removed: output-lost', async () => {
    const folder = scratchFolder();
    const lock = await lockFolder(folder);
    rmSync(folder, {recursive: true});
    await expect(lock.check()).rejects.toMatchObject(lost(folder));
    await lock.release();
  });

  test('after another run took the folder over: output-lost, and its lock stays', async () => {
    const folder = scratchFolder();
    const lock = await lockFolder(folder);
    leave(folder, DEAD);
    await expect(lock.check()).rejects.toMatchObject(lost(folder));
    await lock.release();
    expect(JSON.parse(readFileSync(join(folder, LOCK), 'utf8'))).toEqual(DEAD);
  });

  test('where the lock cannot be read any more: an error of one line', async () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o777);
    await asOrdinaryUser(async () => {
      const lock = await lockFolder(folder);
      chmodSync(join(folder, LOCK), 0);
      await expect(lock.check()).rejects.toMatchObject({name: 'RunError', code: 'permission-denied'});
      await lock.release();
    });
  });
});

test('a folder that cannot be written, or is none', async () => {
  const folder = scratchFolder();
  chmodSync(folder, 0o555);
  await asOrdinaryUser(() =>
    expect(lockFolder(folder)).rejects.toMatchObject({name: 'RunError', code: 'permission-denied'}),
  );
  await expect(lockFolder(join(folder, 'none'))).rejects.toMatchObject({name: 'RunError', code: 'output-lost'});
});

test('a failure at the N-th file-system call, for every N: an error of one line, or the folder is held; never both', async () => {
  const folder = scratchFolder();
  let failures = 0;
  for (let failing = 0; ; failing++) {
    leave(folder, DEAD);
    let calls = 0;
    const watch = watchFileSystem(() => {
      if (calls++ === failing) throw systemError('EIO');
    });
    const taken = await lockFolder(folder).catch((error: unknown) => error as Error);
    watch.release();
    if ('release' in taken) {
      await taken.check();
      await taken.release();
    } else {
      failures++;
      expect(taken).toMatchObject({name: 'RunError', code: 'write-failed'});
      // What a failed call left is nobody's a moment later.
      for (const name of readdirSync(folder)) utimesSync(join(folder, name), 0, 0);
      expect(await take(folder)).toBe('taken');
    }
    expect(readdirSync(folder).filter((name) => name !== `${LOCK}.taking`)).toEqual([]);
    if (calls <= failing) break;
  }
  expect(failures).toBeGreaterThan(5);
});
