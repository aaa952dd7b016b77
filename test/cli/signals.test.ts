import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {type Finished, finished, startCvLoss} from './cv-loss.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

beforeAll(() => {
  // Far more than can be scored before the signal comes.
  const [pred, target] = [fixture('photos/pred/000.png'), fixture('photos/target/000.png')];
  work.write(
    'many.csv',
    `key,pred,target\n${Array.from({length: 5000}, (_, i) => `${i},${pred},${target}`).join('\n')}\n`,
  );
  work.write('one.csv', `key,pred,target\n0,${pred},${target}\n`);
});

function args(pairs: string, report: string): string[] {
  return ['eval', '--pairs', pairs, '--losses', 'mse', '--quiet', '--report', report];
}

/** The names and bytes of a report's files. */
function contentsOf(report: string): Record<string, string> {
  const names = readdirSync(work.path(report));
  return Object.fromEntries(names.map((name) => [name, readFileSync(work.path(report, name), 'latin1')]));
}

function temporaries(report: string): string[] {
  return readdirSync(work.path(report)).filter((name) => name.endsWith('.tmp'));
}

/** Starts a long run over an earlier report and sends it a signal when its two files are begun. */
async function interrupt(report: string, signal: NodeJS.Signals): Promise<Finished> {
  const child = startCvLoss(args('many.csv', report), work.surroundings());
  const end = finished(child);
  while (child.exitCode === null && temporaries(report).length < 2) await sleep(20);
  child.kill(signal);
  return end;
}

test.each<[NodeJS.Signals, number]>([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s: exit code %i, the earlier report untouched, no temporaries', async (signal, code) => {
  await work.run(args('one.csv', signal));
  const earlier = contentsOf(signal);
  const end = await interrupt(signal, signal);
  expect(end).toEqual({code, stdout: '', stderr: expect.stringMatching(/interrupted; no report was written\n$/)});
  const {'rows.journal': journal, ...others} = contentsOf(signal);
  expect(others).toEqual(earlier);
  expect(journal === undefined).toBe(!end.stderr.includes('rows are kept'));
});

test('a run that still waits for its config ends at once', async () => {
  const child = startCvLoss(['eval', '--config', '-'], work.surroundings({input: null}));
  const end = finished(child);
  await sleep(1500);
  child.kill('SIGINT');
  const {code} = await end;
  // Null where the signal came before the program could listen to it.
  expect([130, null]).toContain(code);
});

test('a killed run leaves the earlier report, and the next run clears up after it', async () => {
  await work.run(args('one.csv', 'killed'));
  const earlier = contentsOf('killed');
  expect(await interrupt('killed', 'SIGKILL')).toMatchObject({code: null});
  expect(temporaries('killed')).toHaveLength(2);
  expect(contentsOf('killed')).toMatchObject(earlier);
  expect(await work.run(args('one.csv', 'killed'))).toMatchObject({code: 0});
  expect(Object.keys(contentsOf('killed'))).toEqual(Object.keys(earlier));
});
