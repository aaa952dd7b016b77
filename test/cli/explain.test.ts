import {afterAll, describe, expect, test} from 'vitest';
import {printed, startCvLoss} from './cv-loss.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

/** Runs cv-loss, with the codes that it prints. */
function run(...args: readonly string[]) {
  return printed(startCvLoss(args, work.surroundings()));
}

describe('an error ends in its code', () => {
  test.concurrent.each([
    ['evall', "cv-loss: unknown command 'evall' (Did you mean eval?) [CVL-A001]\n"],
    ['eval --prde x', "cv-loss: unknown option '--prde' (Did you mean --pred?) [CVL-A002]\n"],
    ['eval --pred', "cv-loss: option '--pred <path>' argument missing [CVL-A003]\n"],
    ['view a b', /^cv-loss: too many arguments for 'view'.* join lists with commas \(mse,ssim\)\. \[CVL-A004\]\n$/],
    ['eval --resume no', /^cv-loss: option '--resume <mode>' argument 'no' is invalid\. .* \[CVL-A005\]\n$/],
    ['schema --report --plugin x', /^cv-loss: option '--plugin <file>' cannot be used .* \[CVL-A006\]\n$/],
    ['view nowhere', /^cv-loss: nowhere holds no report.* \[CVL-R003\]\n$/],
  ])('cv-loss %s', async (line, expected) => {
    const {code, stdout, stderr} = await run(...line.split(' '));
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    if (typeof expected === 'string') expect(stderr).toBe(expected);
    else expect(stderr).toMatch(expected);
  });

  test.concurrent('each line of a config its own', async () => {
    work.write('a.yaml', 'lossses: [mse]\nlosses: [mse, {type: ssimm}]\nimage: {size: 3}\n');
    const {stderr} = await run('eval', '--config', 'a.yaml');
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^cv-loss: a\.yaml:1:1: unknown key 'lossses', .* \[CVL-C004\]$/),
      expect.stringMatching(/^cv-loss: a\.yaml:2:22: unknown loss 'ssimm', .* \[CVL-C010\]$/),
      expect.stringMatching(/^cv-loss: a\.yaml:3:15: image\.size: .* \[CVL-C005\]$/),
    ]);
  });

  test.concurrent('one that has a name too', async () => {
    work.write('plain', 'a file');
    const {code, stderr} = await run('triplets', '--embeddings', 'none.npy', '--out', 'plain/t.csv');
    expect({code, stderr}).toEqual({code: 2, stderr: expect.stringMatching(/ \[CVL-[RV]\d{3}\]\n$/)});
  });
});

test.concurrent('a notice ends in its code too', async () => {
  const {code, stderr} = await run('worker', '--queue', 'redis://me:secret@127.0.0.1:1');
  expect({code, stderr}).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^cv-loss: a password in --queue .* \[CVL-W001\]\ncv-loss: .* \[CVL-Q002\]\n$/),
  });
});

describe('cv-loss explain', () => {
  test.concurrent('lists every message by area', async () => {
    const {code, stdout} = await run('explain');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Command line\n {2}CVL-A001 {2}unknown command\n/);
    expect(stdout).toMatch(/\n\nCould not finish\n {2}CVL-X001 {2}device-lost: the GPU was lost\n/);
  });

  test.concurrent.each(['CVL-C004', 'cvl-c004', 'c004', '[CVL-C004]'])('%s', async (code) => {
    const {stdout, stderr} = await run('explain', code);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^CVL-C004 {2}unknown key\n\nCause {3}The config has .*\nRemedy {2}`cv-loss losses .*\nWhere {3}Config and losses; exit code 2.*\n$/,
    );
  });

  test.concurrent('the reason of a row, which a run may share', async () => {
    const one = await run('explain', 'sizes-differ:');
    expect(one.stdout).toContain('begins with `sizes-differ:`; exit code 3');
    const {stdout} = await run('explain', 'out-of-memory', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      {code: 'CVL-F022', name: 'out-of-memory', exit: 3},
      {code: 'CVL-X010', name: 'out-of-memory', exit: 4},
    ]);
  });

  test.concurrent.each([
    ['c04', "cv-loss: no message has the code 'c04'; did you mean CVL-C004? [CVL-A012]\n"],
    ['size-difer', "cv-loss: no message has the code 'size-difer'; did you mean sizes-differ? [CVL-A012]\n"],
    ['banana', "cv-loss: no message has the code 'banana'; cv-loss explain lists them [CVL-A012]\n"],
  ])('%s is none', async (code, expected) => {
    expect(await run('explain', code)).toEqual({code: 2, stdout: '', stderr: expected});
  });
});
