import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import type {Command} from 'commander';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {commandsFor} from '../../src/cli/commands.js';
import {losses} from '../../src/losses/registry.js';
import {Workspace} from '../cli/workspace.js';

const work = new Workspace(afterAll);
/** A command that says what it was given, in place of the program. */
const STAND_IN = `cv-loss() { printf '<%s>' "$@"; echo; }`;

const COMPINIT = 'autoload -Uz compinit; compinit -u -D';

/** Whether a shell is on this machine; CI installs all of them. */
const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const {code, stdout, stderr} = await work.run(['completion', shell]);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    work.write(`cv-loss.${shell}`, stdout);
  }
  work.write('bash.sh', `${STAND_IN}\nsource cv-loss.bash\n`);
  work.write('zsh.sh', `${COMPINIT}\n${STAND_IN}\nsource cv-loss.zsh\n`);
  work.write('an array.npy', '');
  work.write('my dir/in it', '');
});

/** What the stand-in was given when lines are typed in a shell of its own, on a terminal; \t is the key that completes. */
function typed(shell: string, ...lines: readonly string[]): string[] {
  const command = {bash: 'bash --norc -i', zsh: 'zsh -f -i'}[shell] ?? shell;
  const input = [`source ${shell}.sh`, ...lines, 'exit', ''].join('\n');
  const screen = execFileSync('script', ['-qec', command, '/dev/null'], {
    ...{cwd: work.path(), input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore']},
    env: {PATH: process.env.PATH, HOME: work.home, TERM: 'xterm', SHELL: '/bin/sh'},
  });
  // zsh joins an option and its value, which is the same.
  return [...screen.matchAll(/(<.*>)\r?\n/g)].map(([, given = '']) => given.replaceAll(/<(--[a-z-]+)=/g, '<$1><'));
}

describe.each(['bash', 'zsh'].filter(has))('the completion key in %s', (shell) => {
  const line = (text: string) => typed(shell, text);

  test('completes commands, options and their values', {timeout: 30_000}, () => {
    expect(line('cv-loss tri\t--stra\tsemi\t\n')).toEqual(['<triplets><--strategy><semi-hard>']);
    expect(line('cv-loss models pu\t--so\ttor\tvgg19\n')).toEqual(['<models><pull><--source><torchvision><vgg19>']);
  });

  test('lists after each comma, files and folders with spaces in their names', {timeout: 30_000}, () => {
    const given = typed(
      shell,
      'cv-loss eval --losses mse,hub\t --report=my\t',
      'cv-loss eval --embeddings an\t',
      'cv-loss view my\t',
      'cv-loss losses charb\t',
      'cv-loss explain disk\t',
    );
    expect(given.map((one) => one.replace('dir/>', 'dir>'))).toEqual([
      '<eval><--losses><mse,huber><--report><my dir>',
      '<eval><--embeddings><an array.npy>',
      '<view><my dir>',
      '<losses><charbonnier>',
      '<explain><disk-full>',
    ]);
  });

  test('runs nothing of what was typed', {timeout: 30_000}, () => {
    // What stands in no quotes, zsh itself expands when the key is pressed.
    const bare = shell === 'bash' ? '$(touch bare)' : '';
    typed(
      shell,
      `cv-loss eval --losses '$(touch in-quotes)',${bare},hub\t\u0015`,
      'cv-loss losses "$(touch open)\t\u0015',
    );
    expect(['in-quotes', 'bare', 'open'].filter((name) => existsSync(work.path(name)))).toEqual([]);
  });
});

test.runIf(has('zsh'))('zsh finds it in a folder of fpath', {timeout: 30_000}, () => {
  work.write('functions/_cv-loss', work.read('cv-loss.zsh'));
  work.write('zsh.sh', `fpath=($PWD/functions $fpath)\n${COMPINIT}\n${STAND_IN}\n`);
  const given = typed('zsh', 'cv-loss tri\t--stra\tsemi\t', 'cv-loss losses charb\t');
  expect(given).toEqual(['<triplets><--strategy><semi-hard>', '<losses><charbonnier>']);
});

describe.runIf(has('fish'))('fish offers', () => {
  const offered = (text: string) => {
    const script = `source cv-loss.fish; complete -C ${JSON.stringify(text)}`;
    const env = {PATH: process.env.PATH, HOME: work.home};
    const answer = execFileSync('fish', ['--no-config', '-c', script], {cwd: work.path(), encoding: 'utf8', env});
    return answer.split('\n').flatMap((one) => (one === '' ? [] : [one.split('\t')[0]]));
  };

  test.each([
    ['cv-loss tri', ['triplets']],
    ['cv-loss triplets --stra', ['--strategy']],
    ['cv-loss triplets --strategy semi', ['semi-hard']],
    ['cv-loss models pu', ['pull']],
    ['cv-loss models pull alex', ['alexnet']],
    ['cv-loss eval --losses mse,hub', ['mse,huber']],
    ['cv-loss eval --embeddings an', ['an array.npy']],
    ['cv-loss view my', ['my dir/']],
    ['cv-loss eval --jobs ', []],
    ['cv-loss explain disk', ['disk-full']],
  ])('after %s', (text, expected) => {
    expect(offered(text)).toEqual(expected);
  });
});

test('bash offers just what each command takes', async () => {
  const commands = (await commandsFor([])).flatMap((command) => [command, ...command.commands]);
  const pathOf = (command: Command) => [command.parent?.name(), command.name()].filter(Boolean);
  const lines = commands.map((command) => {
    const words = ['cv-loss', ...pathOf(command), '--'];
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _cv_loss; echo "\${COMPREPLY[@]}"`;
  });
  const script = ['source cv-loss.bash', ...lines].join('\n');
  const printed = execFileSync('bash', ['-c', script], {cwd: work.path(), encoding: 'utf8'});
  const expected = commands.map(({options}) => [...options.map(({long}) => long), '--help'].sort());
  expect(
    printed
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').sort()),
  ).toEqual(expected);
  const all = `source cv-loss.bash; COMP_WORDS=(cv-loss losses ""); COMP_CWORD=2; _cv_loss; echo "\${COMPREPLY[@]}"`;
  const names = execFileSync('bash', ['-c', all], {cwd: work.path(), encoding: 'utf8'}).trim().split(' ');
  expect(names).toEqual(expect.arrayContaining(losses.map(({id}) => id)));
});
