import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {finished, startCvLoss} from './cv-loss.js';
import {noise} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const EVAL = 'eval --pred pred --target pred --losses mse,mae,ssim --no-report';

beforeAll(async () => {
  for (let i = 0; i < 60; i++) await work.image(`pred/${i}.png`, noise(i, 16, 16));
});

describe.concurrent('a reader that goes away ends the output quietly', () => {
  test.each([[['losses']], [['schema']], [['losses', 'toString']]])('at once: %j', async (args) => {
    const child = startCvLoss(args, work.surroundings());
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect(await finished(child)).toMatchObject({code: args.length > 1 ? 2 : 0});
  });

  test.each([
    ['cv-loss losses | head -1', 1],
    // A group a key makes a report larger than any pipe holds.
    [`cv-loss ${EVAL} --json --group-by '{key}' | head -c 10`, 10],
  ])('%s', async (pipeline, length) => {
    const {code, stdout, stderr} = await work.shell(`${pipeline}\nexit "\${PIPESTATUS[0]}"`);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(length === 1 ? stdout.trimEnd().split('\n').length : stdout.length).toBe(length);
  });
});

describe.concurrent('a stream that is closed from the start changes no exit code', () => {
  test.each([
    ['cv-loss losses >&-', 0],
    ['cv-loss losses mse 2>&-', 0],
    [`cv-loss ${EVAL} >&- 2>&-`, 0],
    ['cv-loss losses toString 2>&-', 2],
    ['cv-loss losses <&-', 0],
  ])('%s', async (script, code) => {
    expect(await work.shell(script)).toMatchObject({code});
  });
});

describe.concurrent('output that cannot be written is exit code 4 and one line', () => {
  test.each(['cv-loss losses', 'cv-loss --help', `cv-loss ${EVAL}`, `cv-loss ${EVAL} --json`])(
    '%s > /dev/full',
    async (command) => {
      expect(await work.shell(`${command} > /dev/full`)).toEqual({
        code: 4,
        stdout: '',
        stderr: 'cv-loss: disk-full: cannot write standard output (ENOSPC)\n',
      });
    },
  );

  test('a full standard error changes no exit code', async () => {
    expect(await work.shell('cv-loss losses toString 2> /dev/full')).toMatchObject({code: 2});
  });
});
