import sharp from 'sharp';
import {describe, expect, test} from 'vitest';
import type {Row} from '../../src/rows/row.js';
import type {KeptFiles} from '../../src/run/decoded-files.js';
import {rowsInStep, type SteppedRun} from '../../src/run/in-step.js';
import type {LoadedSample} from '../../src/run/load.js';
import {openResources} from '../../src/run/resources.js';
import type {KnownSample} from '../../src/run/rows.js';
import {type LoadSampleOptions, type Run, type RunSettings, startRun} from '../../src/run/start.js';
import type {Sample} from '../../src/samples/sample.js';
import {collect, loaded} from './loaded.js';
import {builtIn} from './losses.js';
import {settings, table} from './masks.js';
import {type Pixels, Scratch} from './scratch.js';

const {signal} = new AbortController();
const onCpu = {device: {name: 'cpu'}, batchSize: null} as const;
const onGpu = {device: {name: 'tensorflow'}, batchSize: 2} as const;

/** Runs over these keys that note what they are asked for. */
function noting(...keys: readonly (readonly string[])[]) {
  const kept: {readonly run: number; readonly key: string; readonly files: KeptFiles | undefined}[] = [];
  const scored: string[] = [];
  let waiting = 0;
  let most = 0;
  const runs = keys.map((own, run) => ({
    samples: own.map((key): Sample => ({key, files: {}})),
    async load(at: number, {kept: files}: LoadSampleOptions = {}) {
      const key = own[at] as string;
      kept.push({run, key, files});
      most = Math.max(most, ++waiting);
      return loaded(key, {});
    },
    async score(chunk: readonly (LoadedSample | KnownSample)[]) {
      waiting -= chunk.length;
      const scoredKeys = chunk.map((one) => ('sample' in one ? one.sample.key : one.known.key));
      scored.push(`${run}: ${scoredKeys.join(' ')}`);
      return scoredKeys.map((key) => ({key}) as Row);
    },
  }));
  return {runs, kept, scored, most: () => most};
}

/** Runs whose rows nobody keeps. */
function stepped(runs: readonly SteppedRun['run'][]): SteppedRun[] {
  return runs.map((run) => ({run, keeper: null}));
}

describe('the order', () => {
  test('on the CPU: every run that has a key scores it before the next key', async () => {
    const {runs, scored} = noting(['a', 'b', 'd'], ['b', 'c', 'd'], []);
    const rows = await collect(rowsInStep(stepped(runs), onCpu));
    const order = ['0: a', '0: b', '1: b', '1: c', '0: d', '1: d'];
    expect(scored).toEqual(order);
    expect(rows.map(({run, row}) => `${run}: ${row.key}`)).toEqual(order);
  });

  test('on a GPU: a batch of keys at a time', async () => {
    const {runs, scored} = noting(['a', 'b', 'd'], ['b', 'c', 'd'], []);
    await collect(rowsInStep(stepped(runs), onGpu));
    expect(scored).toEqual(['0: a b', '1: b', '0: d', '1: c d']);
  });

  test('keys come in code-unit order', async () => {
    const {runs, scored} = noting(['B', 'a', '\uff5e'], ['a', '\u{1f600}']);
    await collect(rowsInStep(stepped(runs), onCpu));
    expect(scored).toEqual(['0: B', '0: a', '1: a', '1: \u{1f600}', '0: \uff5e']);
  });

  test('no runs, no rows', async () => {
    expect(await collect(rowsInStep([], onCpu))).toEqual([]);
  });
});

test('what is kept is kept for the runs of one key, and no longer', async () => {
  const keys = Array.from({length: 30}, (_, i) => String(i).padStart(2, '0'));
  const {runs, kept, most} = noting(...Array.from({length: 20}, () => keys));
  await collect(rowsInStep(stepped(runs), onCpu));
  for (const key of keys) {
    expect(new Set(kept.filter((one) => one.key === key).map(({files}) => files)).size).toBe(1);
  }
  expect(new Set(kept.map(({files}) => files)).size).toBe(keys.length);
  const alone = noting(keys);
  await collect(rowsInStep(stepped(alone.runs), onCpu));
  // Twenty runs hold no more samples in memory than one.
  expect(most()).toBe(alone.most());
});

/** A picture of one level, with another level in its first pixel. */
function picture(level: number): Pixels {
  return {height: 40, width: 40, channels: 3, values: Array.from({length: 4800}, (_, i) => (i === 0 ? 255 : level))};
}

/** Runs over three targets and a style that serves all, each with predictions of its own level. */
async function realRuns(levels: readonly number[], losses: RunSettings['losses']) {
  const scratch = new Scratch();
  const style = await scratch.png('style.png', picture(200));
  const targets = await Promise.all([1, 2, 3].map((i) => scratch.png(`target${i}.png`, picture(60 * i))));
  const resources = await openResources('cpu', {threads: 1, cache: false});
  const common: Run[] = [];
  const alone: Run[] = [];
  for (const level of levels) {
    const files = [];
    for (const [i, target] of targets.entries()) {
      files.push({pred: await scratch.png(`pred${level}-${i}.png`, picture(level + i)), target, style});
    }
    const own = {...settings(scratch.root, ...losses), threads: 1};
    common.push(await startRun(own, table(files, {style}), signal, {resources}));
    alone.push(await startRun(own, table(files, {style}), signal, {cache: false}));
  }
  const close = async () => {
    for (const run of [...common, ...alone]) await run.close();
    await resources.close();
  };
  return {resources, common, alone, close};
}

test('targets are decoded once, and so is what serves every sample; the rows are those of single runs', async () => {
  const {resources, common, alone, close} = await realRuns([10, 90, 120, 150], [builtIn('mse'), builtIn('ssim')]);
  const rows = await collect(rowsInStep(stepped(common), {...resources, batchSize: null}));
  expect(rows.filter(({row}) => row.status === 'ok')).toHaveLength(4 * 3);
  for (const [i, run] of alone.entries()) {
    expect(rows.filter((one) => one.run === i).map(({row}) => row)).toEqual(await collect(run.rows()));
  }
  // Three predictions of each run, three targets; no loss reads the style.
  expect(resources.files.decoded).toBe(4 * 3 + 3);
  await close();
});

test('a network looks at each prediction and each target once, and once at a style', async () => {
  const losses = [
    builtIn('perceptual', {weights: {hashed: 0}}),
    builtIn('texture', {weights: {hashed: 0}, layers: {relu_conv1: 1}}),
  ];
  const {resources, common, alone, close} = await realRuns([10, 90, 120, 150], losses);
  const rows = await collect(rowsInStep(stepped(common), {...resources, batchSize: null}));
  expect(rows.filter(({row}) => row.status === 'ok')).toHaveLength(4 * 3);
  for (const [i, run] of alone.entries()) {
    expect(rows.filter((one) => one.run === i).map(({row}) => row)).toEqual(await collect(run.rows()));
  }
  expect(resources.files.decoded).toBe(4 * 3 + 3 + 1);
  // The very first prediction passes again when the second loss comes, with what both need.
  expect(await resources.networks.passes()).toBe(4 * 3 + 3 + 1 + 1);
  await close();
});

test.each([
  ['grey, and the predictions are not', {}, 'grey'],
  ['of 16 bits less', {}, 'deep'],
  ['resampled with them', {size: [36, 32] as const}, 'same'],
  ['cropped with them', {size: 'crop' as const}, 'larger'],
])('a target that is %s is brought to their form once', async (_, more, kind) => {
  const scratch = new Scratch();
  const resources = await openResources('cpu', {threads: 1, cache: false});
  const {values, ...size} = picture(90);
  const target = await scratch.png(
    'target.png',
    kind === 'grey' ? {...size, channels: 1, values: Array.from(values).slice(0, 1600)} : picture(90),
  );
  const runs: Run[] = [];
  for (const level of [10, 50, 90]) {
    const pred = await predictionOf(scratch, kind, level);
    const losses = [builtIn('perceptual', {weights: {hashed: 0}})];
    runs.push(
      await startRun({...settings(scratch.root, ...losses), jobs: 1, ...more}, table([{pred, target}]), signal, {
        resources,
      }),
    );
  }
  const rows = await collect(rowsInStep(stepped(runs), {...resources, batchSize: null}));
  expect(rows.map(({row}) => row.status)).toEqual(['ok', 'ok', 'ok']);
  expect(await resources.networks.passes()).toBe(3 + 1);
  for (const run of runs) await run.close();
  await resources.close();
});

/** The file of a prediction of one level. */
async function predictionOf(scratch: Scratch, kind: string, level: number): Promise<string> {
  const name = `pred${level}.png`;
  if (kind === 'larger')
    return scratch.png(name, {height: 44, width: 32, channels: 3, values: Array.from({length: 4224}, () => level)});
  if (kind !== 'deep') return scratch.png(name, picture(level));
  const data = Uint16Array.from(picture(level).values, (value) => 257 * value);
  return scratch.write(
    name,
    await sharp(data, {raw: {height: 40, width: 40, channels: 3}})
      .toColourspace('rgb16')
      .png()
      .toBuffer(),
  );
}
