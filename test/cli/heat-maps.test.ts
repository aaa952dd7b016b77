import {existsSync} from 'node:fs';
import sharp from 'sharp';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {COLOUR_LEVELS} from '../../src/pictures/colour-map.js';
import {flat, noise} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const EVAL = ['eval', '--pred', 'pred', '--target', 'target', '--quiet'];
const HOSTILE = '<img src=x onerror=alert(1)>';
const KEYS = ['a', 'b', 'c', HOSTILE];

interface Index {
  readonly losses: Readonly<
    Record<string, {low: number; high: number; better: string; samples: {key: string; value: number; file: string}[]}>
  >;
}

beforeAll(async () => {
  for (const [i, key] of KEYS.entries()) {
    const target = flat(100, 12, 14);
    const data = target.data.slice();
    // One wrong pixel, in a place and of a size of its own.
    data.fill(100 + 20 * (i + 1), 3 * (5 * 14 + 3 + i), 3 * (5 * 14 + 4 + i));
    await work.image(`pred/${key}.png`, {...target, data});
    await work.image(`target/${key}.png`, target);
  }
  await work.image('odd/pred/x.png', noise(1, 4, 4));
  await work.image('odd/target/x.png', noise(2, 4, 4));
});

function pictures(report: string): string[] {
  return work
    .contents()
    .filter((name) => name.startsWith(`work/${report}/heatmaps/`) && /\.(png|json)$/.test(name))
    .map((name) => name.slice(`work/${report}/heatmaps/`.length))
    .sort();
}

describe.concurrent('--heatmaps', () => {
  test('draws the worst of each loss in one scale, a pixel a pixel; the next report takes them away', async () => {
    const args = [...EVAL, '--losses', 'mse,psnr', '--report', 'worst'];
    const {code, stderr} = await work.run([...args, '--heatmaps', 'worst:2']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    const hostile = '%3Cimg src=x onerror=alert%281%29%3E.png';
    expect(pictures('worst')).toEqual([
      'index.json',
      ...[`mse/${hostile}`, 'mse/c.png', `psnr/${hostile}`, 'psnr/c.png'],
    ]);
    const {losses} = work.json('worst', 'heatmaps', 'index.json') as Index;
    const {low, high, samples} = losses.mse as Index['losses'][string];
    expect(samples.map(({key}) => key)).toEqual([HOSTILE, 'c']);
    expect([low, high]).toEqual([0, expect.closeTo((80 / 255) ** 2, 12)]);
    const {data, info} = await sharp(work.path('worst', 'heatmaps', 'mse', 'c.png'))
      .raw()
      .toBuffer({resolveWithObject: true});
    expect([info.width, info.height, info.channels]).toEqual([14, 12, 3]);
    const colourAt = (pixel: number) => [...data.subarray(3 * pixel, 3 * pixel + 3)];
    expect(colourAt(0)).toEqual([...COLOUR_LEVELS.subarray(0, 3)]);
    const place = 3 * Math.floor((256 * 60 ** 2) / 80 ** 2);
    expect(colourAt(5 * 14 + 3 + 2)).toEqual([...COLOUR_LEVELS.subarray(place, place + 3)]);
    expect((await work.run([...args, '--heatmaps', 'best:1'])).code).toBe(0);
    expect(pictures('worst')).toEqual(['index.json', 'mse/a.png', 'psnr/a.png']);
    expect((await work.run(args)).code).toBe(0);
    expect(existsSync(work.path('worst', 'heatmaps'))).toBe(false);
    expect(work.json('worst', 'report.json')).toMatchObject({counts: {ok: 4}});
  });

  test('all of the samples, by a config; a loss without a map is told of', async () => {
    work.write(
      'all.yaml',
      'losses: [mae, {type: confusion}]\ntask: mask\ninputs: {pred: masks, target: masks}\nreport: {dir: all, heatmaps: all}\n',
    );
    for (const name of ['one', 'two']) await work.image(`masks/${name}.png`, flat(255, 6, 7));
    const {code, stderr} = await work.run(['eval', '--config', 'all.yaml', '--quiet']);
    expect({code, stderr}).toEqual({
      code: 0,
      stderr: 'cv-loss: heatmaps: none of confusion, which has no value at a pixel\n',
    });
    expect(pictures('all')).toEqual(['index.json', 'mae/one.png', 'mae/two.png']);
  });

  test('a folder of that name that is not ours stays as it is', async () => {
    work.write('others/heatmaps/mine.txt', 'mine');
    const {code, stderr} = await work.run([...EVAL, '--losses', 'mse', '--heatmaps', 'all', '--report', 'others']);
    expect({code, stderr}).toEqual({
      code: 2,
      stderr: `cv-loss: ${work.path('others', 'heatmaps')} is there and is not of cv-loss; choose another place for the report\n`,
    });
    expect(work.read('others', 'heatmaps', 'mine.txt')).toBe('mine');
    expect((await work.run([...EVAL, '--losses', 'mse', '--report', 'others'])).code).toBe(0);
    expect(work.read('others', 'heatmaps', 'mine.txt')).toBe('mine');
  });

  test.each([
    [['--heatmaps', 'worst'], "--heatmaps: expected worst:N or best:N (such as worst:20), all or none, got 'worst'"],
    [
      ['--heatmaps', 'worst:0'],
      "--heatmaps: expected worst:N or best:N (such as worst:20), all or none, got 'worst:0'",
    ],
    [
      ['--heatmaps', 'all', '--no-report'],
      '--heatmaps: maps are drawn into the directory of the report, and there is none; leave out --no-report, or set report.dir',
    ],
    [
      ['--heatmaps', 'all', '--shard', '1/2'],
      'heatmaps: a shard does not know the worst of all samples, and a merge has no images; score without --shard',
    ],
    [
      ['--heatmaps', 'all', '--losses', 'texture'],
      'heatmaps: texture has no value at a pixel, so there is nothing to draw; leave out --heatmaps, or add a loss such as mse',
    ],
    [
      ['--assets', 'link'],
      '--assets: only the html report has such images; add html to report.formats (--report-format), or remove it',
    ],
    [
      ['--task', 'adversarial', '--real', 'r.csv', '--fake', 'f.csv', '--heatmaps', 'all'],
      '--heatmaps: task adversarial scores no images, so there is nothing to draw; remove it',
    ],
  ])('%j is refused', async (args, line) => {
    const inputs = args.includes('--real') ? ['eval', '--quiet'] : EVAL;
    const {code, stderr} = await work.run([...inputs, ...args]);
    expect({code, stderr}).toEqual({code: 2, stderr: `cv-loss: ${line}\n`});
  });
});
