import {readdirSync, symlinkSync} from 'node:fs';
import {afterAll, describe, expect, test} from 'vitest';
import {noise} from './pixels.js';
import {Workspace} from './workspace.js';

describe('refusals: exit code 2, one line, nothing written', () => {
  const work = new Workspace(afterAll);

  async function expectRefusal(args: readonly string[], line: string | RegExp): Promise<void> {
    const before = work.contents();
    const {code, stdout, stderr} = await work.run(['init', ...args]);
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^cv-loss: .*\n$/);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(work.contents()).toEqual(before);
  }

  test('nothing is guessed without --yes, and no prompt waits', async () => {
    await work.image('one/out/a.png', noise(1, 12, 12));
    await work.image('one/gt/a.png', noise(2, 12, 12));
    await expectRefusal(
      ['one'],
      'cv-loss: found one/out and one/gt; take them with --yes, or give --pred and --target\n',
    );
    await expectRefusal(['one', '--pred', 'one/out'], 'found one/out and one/gt');
  });

  test('an empty folder', async () => {
    work.write('empty/notes.txt', '');
    await expectRefusal(
      ['empty', '--yes'],
      /no folders in empty say by their names which is which.*; give --pred and --target\n/,
    );
    await expectRefusal(['--yes', '--pred', 'empty', '--target', 'one/gt'], /no image files in .*empty/);
    await expectRefusal(['empty', '--yes', '--pred', 'one/out'], /beside one\/out .*; give --target\n/);
  });

  test('several folders that may be meant', async () => {
    await work.image('many/out/a.png', noise(1, 12, 12));
    await work.image('many/pred/a.png', noise(1, 12, 12));
    await work.image('many/gt/a.png', noise(2, 12, 12));
    await expectRefusal(
      ['many', '--yes'],
      'several folders may be meant: many/out and many/gt; many/pred and many/gt; give --pred and --target',
    );
  });

  test('folders that do not pair', async () => {
    for (const key of [1, 2]) {
      await work.image(`apart/out/a${key}.png`, noise(1, 12, 12));
      await work.image(`apart/gt/${10 - key}b.png`, noise(2, 12, 12));
    }
    await expectRefusal(
      ['apart', '--yes'],
      /2 keys of pred not in target \(a1, a2\); 2 keys of target not in pred \(8b, 9b\); no pattern pairs them: .* --match/,
    );
  });

  test('ambiguous names', async () => {
    await work.image('twice/out/a.png', noise(1, 12, 12));
    await work.image('twice/out/a.bmp', noise(1, 12, 12));
    await work.image('twice/gt/a.png', noise(1, 12, 12));
    await expectRefusal(['twice', '--yes'], /1 ambiguous key in pred \(a: a\.bmp and a\.png\)/);
  });

  test('paths that are not there, and a folder with both flags', async () => {
    await expectRefusal(['nowhere', '--yes'], 'cannot read the directory');
    await expectRefusal(['--pred', 'nowhere', '--target', 'one/gt'], /pred: cannot read .*nowhere: no such file/);
    await expectRefusal(['one', '--pred', 'a', '--target', 'b'], 'not both');
    await expectRefusal(['--match', 'pred'], 'Expected role=value');
  });

  test('a config that is there, unless --force', async () => {
    const folders = ['--pred', 'one/out', '--target', 'one/gt'];
    work.write('cv-loss.yaml', 'mine');
    const line = 'cv-loss: cv-loss.yaml is there already; overwrite it with --force, or give --output\n';
    await expectRefusal(folders, line);
    await expectRefusal([...folders, '--yes'], line);
    expect(work.read('cv-loss.yaml')).toBe('mine');
    expect(await work.run(['init', ...folders, '--force'])).toMatchObject({code: 0});
    expect(work.read('cv-loss.yaml')).toContain('losses:');
    work.write('cv-loss.yml', 'mine');
    await expectRefusal([...folders, '--force'], 'cv-loss.yaml and cv-loss.yml both lie in this folder');
  });

  test('another config that eval would find as well', async () => {
    work.write('other/cv-loss.json', '{}');
    const folders = ['--pred', 'one/out', '--target', 'one/gt'];
    await expectRefusal([...folders, '--output', 'other/cv-loss.yaml'], /cv-loss\.json lies in this folder already/);
    expect(await work.run(['init', ...folders, '--output', 'other/mine.yaml'])).toMatchObject({code: 0});
  });

  test('a link to nowhere in the config’s place is something that is there', async () => {
    symlinkSync('nowhere', work.path('dangling.yaml'));
    await expectRefusal(['--pred', 'one/out', '--target', 'one/gt', '--output', 'dangling.yaml'], 'is there already');
  });

  test('a folder that is not there or cannot be written', async () => {
    const folders = ['--pred', work.path('one/out'), '--target', work.path('one/gt')];
    const missing = await work.run(['init', ...folders, '--output', 'missing/cv-loss.yaml']);
    expect(missing).toMatchObject({code: 2, stdout: ''});
    expect(missing.stderr).toMatch(/\ncv-loss: cannot write .*missing\/cv-loss\.yaml: the folder is not there/);
    await work.shell('mkdir locked && chmod 555 locked');
    const locked = await work.run(['init', ...folders], {cwd: work.path('locked'), unprivileged: true});
    expect(locked.code).toBe(2);
    expect(locked.stderr).toMatch(/\ncv-loss: cannot write .*locked\/cv-loss\.yaml: permission denied/);
    expect(readdirSync(work.path('locked'))).toEqual([]);
  });
});
