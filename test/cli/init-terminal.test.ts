import {existsSync} from 'node:fs';
import {afterAll, describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {noise} from './pixels.js';
import {Workspace} from './workspace.js';

const cleanUps: (() => void)[] = [];
afterAll(() => {
  for (const cleanUp of cleanUps) cleanUp();
});

/** A working directory of its own. */
function workspace(): Workspace {
  return new Workspace((cleanUp) => cleanUps.push(cleanUp));
}

describe.concurrent('on a terminal', () => {
  /** Runs a command on a terminal and types each answer when its question is there; gives what the terminal showed. */
  async function talk(
    work: Workspace,
    command: string,
    answers: readonly (readonly [question: string, keys: string])[],
  ) {
    const typing = answers
      .map(([question, keys]) => `until grep -qF '${question}' screen.txt; do sleep 0.05; done; printf '${keys}'`)
      .join('\n');
    const {code, stdout} = await work.shell(
      `touch screen.txt; { ${typing}\nuntil [ -e ended ]; do sleep 0.05; done; } |
      SHELL=$(command -v bash) script -qefc "$COMMAND; code=\\$?; touch ended; exit \\$code" screen.txt`,
      {env: {TERM: 'xterm', COMMAND: command}},
    );
    return {code, screen: stdout};
  }

  async function photographs(): Promise<Workspace> {
    const work = workspace();
    await work.image('out/a.png', noise(1, 20, 20));
    await work.image('gt/a.png', noise(2, 20, 20));
    await work.image('other/a.png', noise(3, 20, 20));
    return work;
  }

  test('it asks for both folders and offers what it found', async () => {
    const work = await photographs();
    const {code, screen} = await talk(work, 'cv-loss init', [
      ['predictions, a folder or a glob [out]:', 'other\\n'],
      ['ground truth, a folder or a glob [gt]:', '\\n'],
    ]);
    expect(screen).toContain('pred: other, 1 file');
    expect(code).toBe(0);
    expect(parse(work.read('cv-loss.yaml'))).toMatchObject({inputs: {pred: 'other', target: 'gt'}});
  });

  test('it asks before it overwrites', async () => {
    const work = await photographs();
    work.write('cv-loss.yaml', 'mine');
    const command = 'cv-loss init --pred out --target gt';
    const no = await talk(work, command, [['overwrite it?', 'n\\n']]);
    expect(no.code).toBe(2);
    expect(no.screen).toContain('cv-loss.yaml is left as it was');
    expect(work.read('cv-loss.yaml')).toBe('mine');
    await work.shell('rm screen.txt ended');
    expect(await talk(work, command, [['overwrite it?', 'y\\n']])).toMatchObject({code: 0});
    expect(work.read('cv-loss.yaml')).toContain('losses:');
  });

  test.each([
    ['Ctrl-C', '\\x03', 130, 'cv-loss: interrupted; nothing was written'],
    ['Ctrl-D', '\\x04', 2, 'cv-loss: the input ended before the question was answered'],
  ])('%s ends it', async (_, keys, code, line) => {
    const work = await photographs();
    const ended = await talk(work, 'cv-loss init', [['[out]:', keys]]);
    expect(ended.code).toBe(code);
    expect(ended.screen).toContain(line);
    expect(existsSync(work.path('cv-loss.yaml'))).toBe(false);
  });

  test('--yes asks nothing', async () => {
    const work = workspace();
    await work.image('out/a.png', noise(1, 20, 20));
    await work.image('gt/a.png', noise(2, 20, 20));
    const {code, screen} = await talk(work, 'cv-loss init --yes', []);
    expect(code).toBe(0);
    expect(screen).not.toContain('a folder or a glob');
  });
});
