import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {noise} from './pixels.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const EVAL = 'cv-loss eval --pred pred --target pred --losses mse --no-report';
const ESCAPE = '\u001b';
/** Bold and dim: what colours the output; other sequences move the cursor. */
const BOLD = `${ESCAPE}[1m`;

beforeAll(async () => {
  for (let i = 0; i < 3; i++) await work.image(`pred/${i}.png`, noise(i, 16, 16));
});

/** Runs a command on a terminal of its own (util-linux's script); gives what the terminal got. */
async function onTerminal(command: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const {code, stdout, stderr} = await work.shell('SHELL=$(command -v bash) script -qec "$COMMAND" screen.txt', {
    env: {TERM: 'xterm', COMMAND: command, ...env},
  });
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).not.toBe('');
  return stdout;
}

describe('progress', () => {
  test('is shown on a terminal, with pairs/s and the time left, and is gone at the end', async () => {
    const screen = await onTerminal(EVAL);
    expect(screen).toMatch(/scoring .* 3\/3 · \d+\.\d pairs\/s · 0\.0 s left/);
    const afterwards = screen.slice(screen.lastIndexOf(' left'));
    expect(afterwards).toContain(`${ESCAPE}[2K3 samples: 3 ok`);
    expect(afterwards).toContain(`${ESCAPE}[?25h`);
  });

  test('of triplets says that it mines anchors', async () => {
    work.write('e.csv', 'key,label,v0\na,x,1\nb,x,2\nc,y,4\n');
    const screen = await onTerminal('cv-loss triplets --embeddings e.csv --no-normalize --strategy all');
    expect(screen).toMatch(/mining .* 2\/2 · \d+\.\d anchors\/s/);
    expect(screen).not.toContain('scoring');
  });

  test('goes to standard error: standard output in a file is clean', async () => {
    expect(await onTerminal(`${EVAL} --json > out.json`)).toContain('pairs/s');
    expect(work.json('out.json')).toMatchObject({counts: {ok: 3}});
  });

  test('gives way to the lines of an interruption, and does not come back', async () => {
    const pairs = Array.from({length: 4000}, (_, i) => `${i},pred/1.png,pred/2.png`);
    work.write('many.csv', `key,pred,target\n${pairs.join('\n')}\n`);
    // When the journal has rows, the holder of the lock is interrupted.
    const interrupt = `(until [ -s long/rows.journal ] && [ $(wc -l < long/rows.journal) -gt 65 ]; do sleep 0.05; done
      kill -INT $(sed 's/.*"pid":\\([0-9]*\\).*/\\1/' long/.cv-loss.lock)) &`;
    const screen = await onTerminal(`${interrupt} cv-loss eval --pairs many.csv --losses mse --report long; true`);
    const last = screen.slice(screen.lastIndexOf('pairs/s'));
    const lines = last.split('\r\n').slice(0, -1);
    expect(lines).toEqual([
      expect.stringMatching(/left.*\[2Kcv-loss: finishing the batch under way; once more stops at once$/s),
      expect.stringMatching(
        /^cv-loss: \d+ of 4000 rows are kept in long\/rows\.journal: the same command goes on with them$/,
      ),
      'cv-loss: interrupted; no report was written',
    ]);
  });

  test('is not shown where standard error is no terminal', async () => {
    expect(await onTerminal(`${EVAL} 2> log.txt`)).not.toContain('pairs/s');
    expect(work.read('log.txt')).toBe('');
  });

  test('is not shown with --quiet', async () => {
    const screen = await onTerminal(`${EVAL} --quiet; echo done`);
    expect(screen).not.toContain('pairs/s');
    expect(screen.trim()).toBe('done');
  });
});

describe('progress of a model', () => {
  const MODEL = `{model: ${fixture('generators', 'discriminator.onnx')}, range: [-1, 1]`;
  const roles = ['real', 'fake'].map((role) => `${role}: ${fixture('generators', `${role}_b`)}`).join(', ');

  test('moves with the images that it runs on, and then with the rows', async () => {
    work.write('scores.yaml', `scores: ${MODEL}, ${roles}}\n`);
    const screen = await onTerminal('cv-loss eval --config scores.yaml --no-report');
    const [real, fake, rows, table] = [
      screen.search(/running the model on real .* 5\/5 · \d+\.\d images\/s · 0\.0 s left/),
      screen.search(/running the model on fake .* 6\/6 · \d+\.\d images\/s · 0\.0 s left/),
      screen.search(/scoring .* 11\/11 · \d+\.\d rows\/s · 0\.0 s left/),
      screen.indexOf('11 samples: 11 ok'),
    ];
    expect(real).toBeGreaterThanOrEqual(0);
    expect([real, fake, rows, table]).toEqual([real, fake, rows, table].sort((a, b) => a - b));
  });

  test('is not shown where standard error is no terminal, nor with --quiet', async () => {
    work.write('scores.yaml', `scores: ${MODEL}, ${roles}}\n`);
    const command = 'cv-loss eval --config scores.yaml --no-report';
    expect(await onTerminal(`${command} 2> log.txt; ${command} --quiet`)).not.toContain('running');
    expect(work.read('log.txt')).toBe('');
  });

  test('a line of log stays above it', async () => {
    const way = (name: string) => `{model: ${fixture('generators', `${name}.onnx`)}, output_range: [0.1, 0.2]}`;
    const inputs = ['a', 'b'].map((set) => `real_${set}: ${fixture('generators', `real_${set}`)}`).join(', ');
    const generators = `{a_to_b: ${way('a_to_b')}, b_to_a: ${way('b_to_a')}}`;
    work.write('cycle.yaml', `task: cycle\ninputs: {${inputs}}\ngenerators: ${generators}\n`);
    const screen = await onTerminal('cv-loss eval --config cycle.yaml --no-report');
    // Its line is emptied first, and the place that the bar goes back to at its end is below it.
    const lines = screen
      .split(`\r${ESCAPE}[K`)
      .filter((line) => /^cv-loss: \S+_to_\w\.onnx gives pixels of /.test(line));
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(new RegExp(`^[^\\n]*\\n${ESCAPE}7`));
  });
});

describe('colours', () => {
  test('a terminal has them', async () => {
    expect(await onTerminal('cv-loss losses')).toContain(BOLD);
  });

  test.each<Record<string, string>>([{NO_COLOR: '1'}, {TERM: 'dumb'}])('not with %j', async (env) => {
    expect(await onTerminal('cv-loss losses', env)).not.toContain(ESCAPE);
  });

  test('NO_COLOR leaves progress, without colours', async () => {
    const screen = await onTerminal(EVAL, {NO_COLOR: '1'});
    expect(screen).toContain('pairs/s');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences that colour begin with one
    expect(screen).not.toMatch(/\u001b\[[0-9;]*m/);
  });

  test('not in a file, in CI neither', async () => {
    const {code, stdout} = await work.shell('cv-loss losses', {env: {CI: 'true', GITHUB_ACTIONS: 'true'}});
    expect(code).toBe(0);
    expect(stdout).not.toContain(ESCAPE);
  });

  test('in a file when FORCE_COLOR asks for them', async () => {
    expect((await work.shell('cv-loss losses', {env: {FORCE_COLOR: '1'}})).stdout).toContain(BOLD);
  });
});
