import {afterAll, describe, expect, test} from 'vitest';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

interface LossText {
  readonly id: string;
  readonly family: string;
  readonly summary: string;
  readonly formula: string;
  readonly reference: string;
  readonly options: {readonly properties: Readonly<Record<string, {readonly description: string}>>};
}

async function lossesAsJson(): Promise<LossText[]> {
  return JSON.parse((await work.run(['losses', '--json'])).stdout) as LossText[];
}

/** The pixel and structural tables of the documentation. */
const IDS = {
  pixel: [
    'mse',
    'rmse',
    'mae',
    'huber',
    'charbonnier',
    'log-cosh',
    'psnr',
    'cross-entropy',
    'weighted-cross-entropy',
    'focal',
    'kl-divergence',
    'hinge',
    'total-variation',
  ],
  structural: ['ssim', 'ms-ssim', 'gmsd'],
};

test.concurrent.each(Object.entries(IDS))('every %s loss is listed, with what it is', async (family, ids) => {
  const [{code, stdout, stderr}, losses] = await Promise.all([work.run(['losses']), lossesAsJson()]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(losses.filter((loss) => loss.family === family).map(({id}) => id)).toEqual(ids);
  for (const {id, summary} of losses) {
    const line = stdout.split('\n').find((text) => text.startsWith(`${id} `));
    expect(line).toContain(summary);
  }
});

test.concurrent('a loss in full: formula, reference, and each option with what it means', async () => {
  const [{code, stdout, stderr}, losses] = await Promise.all([work.run(['losses', 'ssim']), lossesAsJson()]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  const loss = losses.find(({id}) => id === 'ssim');
  expect(stdout).toContain(loss?.formula);
  expect(stdout).toContain('Wang, Bovik, Sheikh, Simoncelli 2004');
  const options = Object.entries(loss?.options.properties ?? {});
  expect(options.map(([name]) => name)).toContain('downsample');
  for (const [name, {description}] of options) {
    const line = stdout.split('\n').find((text) => text.startsWith(`${name} `));
    expect(line).toContain(description);
  }
});

test.concurrent('one loss as JSON is its entry in the list', async () => {
  const [one, losses] = await Promise.all([work.run(['losses', 'huber', '--json']), lossesAsJson()]);
  expect(JSON.parse(one.stdout)).toEqual(losses.find(({id}) => id === 'huber'));
});

describe.concurrent('an id that no loss has', () => {
  test.each([
    ['ssmi', "cv-loss: no loss is named 'ssmi'; did you mean ssim?\n"],
    ['toString', "cv-loss: no loss is named 'toString'; cv-loss losses lists them\n"],
    ['', "cv-loss: no loss is named ''; cv-loss losses lists them\n"],
  ])('%j', async (id, stderr) => {
    expect(await work.run(['losses', id])).toEqual({code: 2, stdout: '', stderr});
  });
});
