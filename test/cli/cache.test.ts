import {chmodSync, cpSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type ConfigInput, evaluate, evaluateSeries} from 'cv-loss';
import {expect, onTestFinished, test, vi} from 'vitest';
import {smallOnnx} from '../models/small-model.js';
import {noise} from './pixels.js';
import {fixture, Workspace} from './workspace.js';

const LOSSES = ['--losses', 'perceptual,texture,content-style'];
const PHOTOS = 3;
const SIDE = 64;
/** The targets, and the style at its own size and at that of the predictions. */
const IMAGES = PHOTOS + 2;

/** A working directory with three pairs of photographs and a style. */
async function photos(): Promise<Workspace> {
  const work = new Workspace(onTestFinished);
  for (let n = 0; n < PHOTOS; n++) {
    for (const [role, seed] of [
      ['pred', 1],
      ['target', 2],
    ] as const) {
      await work.image(`${role}/${n}.png`, noise(seed + 10 * n, SIDE, SIDE, 3));
    }
  }
  await work.image('style.png', noise(99, 48, 56, 3));
  return work;
}

const INPUTS = ['--pred', 'pred', '--target', 'target', '--input', 'style=style.png'];

/** What a run wrote. */
interface Written {
  readonly lookups: {readonly hits: number; readonly misses: number} | undefined;
  readonly rows: string;
  readonly report: string;
}

interface Outcome extends Written {
  readonly stderr: string;
  /** The first line of what was printed. */
  readonly head: string;
}

interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly unprivileged?: boolean;
}

/** Runs the command. */
async function run(work: Workspace, inputs: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const {args = [], ...extra} = options;
  const {code, stdout, stderr} = await work.run(['eval', ...inputs, ...args], extra);
  expect([code, stderr]).toEqual([0, stderr]);
  return {...written(work), stderr, head: stdout.split('\n')[0] ?? ''};
}

/** Scores from this program, with the workspace's home and the cache's own bound. */
async function score(
  work: Workspace,
  config: ConfigInput,
  {cache = true, env = {}}: {cache?: boolean; env?: Readonly<Record<string, string>>} = {},
): Promise<Written> {
  const report = {dir: 'cv-loss-report'};
  const options = {cwd: work.path(), keepRows: false, cache} as const;
  await atHome(work, env, () => evaluate({...config, report}, options));
  return written(work);
}

async function atHome(
  work: Workspace,
  env: Readonly<Record<string, string>>,
  doing: () => Promise<unknown>,
): Promise<void> {
  vi.stubEnv('HOME', work.home).stubEnv('CV_LOSS_CACHE_SIZE', undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    await doing();
  } finally {
    vi.unstubAllEnvs();
  }
}

function written(work: Workspace): Written {
  const {cache} = work.json('cv-loss-report', 'timing.json') as {cache?: Outcome['lookups']};
  const [rows, report] = ['rows.csv', 'report.json'].map((name) => work.read('cv-loss-report', name));
  return {lookups: cache, rows: rows as string, report: report as string};
}

const features = (work: Workspace, options?: RunOptions) => run(work, [...INPUTS, ...LOSSES], options);
const PAIRS = {pred: 'pred', target: 'target'};
const FEATURES: ConfigInput = {
  inputs: {...PAIRS, style: 'style.png'},
  losses: ['perceptual', 'texture', 'content-style'],
};

/** The cache's files, in the default place. */
function cached(work: Workspace): string[] {
  const folder = join(work.home, '.cache', 'cv-loss', 'features');
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true});
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('the second run finds every target and the style, and its rows and report are the same bytes, as without a cache', async () => {
  const work = await photos();
  const none = await features(work, {args: ['--no-cache']});
  expect([none.lookups, none.stderr]).toEqual([undefined, '']);
  expect(work.contents()).not.toContain('home/.cache');
  const first = await features(work);
  expect(first.lookups).toEqual({hits: 0, misses: IMAGES});
  expect(first.head).toMatch(/^3 samples: 3 ok · device cpu · [0-9.]+ s$/);
  const second = await features(work);
  expect(second.lookups).toEqual({hits: IMAGES, misses: 0});
  expect(second.head).toMatch(/ s · 5 of 5 images known from earlier runs$/);
  expect([first.stderr, second.stderr]).toEqual(['', '']);
  for (const {rows, report} of [first, second]) expect({rows, report}).toEqual({rows: none.rows, report: none.report});
  const quiet = await features(work, {args: ['--quiet']});
  expect([quiet.lookups, quiet.head, quiet.stderr]).toEqual([{hits: IMAGES, misses: 0}, '', '']);
  await cacheCommands(work);
});

/** `cache info`, `clear` and what `doctor` says, of a cache in use. */
async function cacheCommands(work: Workspace): Promise<void> {
  const folder = join(work.home, '.cache', 'cv-loss', 'features');
  const bytes = cached(work).reduce((sum, path) => sum + Math.ceil(statSync(path).size / 4096) * 4096, 0);
  const {stdout} = await work.run(['cache', 'info', '--json'], {env: {CV_LOSS_CACHE_SIZE: '3MiB'}});
  const entries = cached(work).length;
  expect(JSON.parse(stdout)).toEqual({folder, entries, bytes, max_bytes: 3 * 2 ** 20});
  const doctor = JSON.parse((await work.run(['doctor', '--json'])).stdout) as {checks: {cache: {detail: string}}};
  expect(doctor.checks.cache).toMatchObject({
    detail: `${join(work.home, '.cache', 'cv-loss')}; features take ${(bytes / 2 ** 20).toFixed(0)} of at most 2048 MiB`,
    features_bytes: bytes,
  });
  const cleared = await work.run(['cache', 'clear']);
  expect(cleared.code).toBe(0);
  expect(cleared.stdout).toMatch(new RegExp(`features: ${entries} entries removed, [0-9.]+ MB\n$`));
  expect(await work.run(['cache', 'info'])).toEqual({
    code: 0,
    stdout: `${folder}: 0 entries, 0 B of at most 2.1 GB\n`,
    stderr: '',
  });
  expect(work.contents()).not.toContain('home/.cache/cv-loss/features');
}

test('other predictions, other names and another batch size find the same targets; other pixels do not', async () => {
  const work = await photos();
  await score(work, FEATURES);
  for (let n = 0; n < PHOTOS; n++) await work.image(`pred/${n}.png`, noise(70 + n, SIDE, SIDE, 3));
  cpSync(work.path('target'), work.path('moved'), {recursive: true});
  const config = {...FEATURES, inputs: {...FEATURES.inputs, target: 'moved'}, batch_size: 1};
  const moved = await score(work, config);
  expect(moved.lookups).toEqual({hits: IMAGES, misses: 0});
  const fresh = await score(work, config, {cache: false});
  expect(moved.rows).toBe(fresh.rows);
  // One pixel more or less.
  const changed = noise(2, SIDE, SIDE, 3);
  changed.data[1000] = (changed.data[1000] as number) ^ 1;
  await work.image('target/0.png', changed);
  expect((await score(work, FEATURES)).lookups).toEqual({hits: IMAGES - 1, misses: 1});
});

test('another pooling and another reading of the same files are misses', async () => {
  const work = await photos();
  const config: ConfigInput = {inputs: PAIRS, losses: ['texture']};
  await score(work, config);
  for (const change of [{losses: [{type: 'texture', pooling: 'average'}]}, {image: {color: 'grey'}}] as const) {
    const changed = await score(work, {...config, ...change});
    expect([change, changed.lookups]).toEqual([change, {hits: 0, misses: PHOTOS}]);
  }
});

test('files that were cut or changed are computed again, silently, with the same rows', async () => {
  const work = await photos();
  const {rows} = await score(work, FEATURES);
  for (const [i, path] of cached(work).entries()) {
    const bytes = readFileSync(path);
    if (i % 2 === 0) truncateSync(path, Math.floor(bytes.length / 2));
    else {
      const at = bytes.length - 5;
      bytes[at] = (bytes[at] as number) ^ 64;
      writeFileSync(path, bytes);
    }
  }
  const damaged = await features(work);
  expect([damaged.lookups, damaged.stderr]).toEqual([{hits: 0, misses: IMAGES}, '']);
  expect(damaged.rows).toBe(rows);
  expect((await score(work, FEATURES)).lookups).toEqual({hits: IMAGES, misses: 0});
});

test('a bound of its own, kept to; 0 keeps nothing; a size that is none is refused', async () => {
  const work = await photos();
  const {rows} = await score(work, FEATURES, {env: {CV_LOSS_CACHE_SIZE: '600k'}});
  const bytes = cached(work).reduce((sum, path) => sum + statSync(path).size, 0);
  expect(bytes).toBeLessThanOrEqual(600 * 1024);
  expect(bytes).toBeGreaterThan(200 * 1024);
  const off = await features(work, {env: {CV_LOSS_CACHE_SIZE: '0'}});
  expect([off.lookups, off.rows]).toEqual([undefined, rows]);
  const {code, stderr} = await work.run(['eval', ...INPUTS, ...LOSSES], {env: {CV_LOSS_CACHE_SIZE: 'lots'}});
  expect([code, stderr]).toEqual([
    2,
    'cv-loss: CV_LOSS_CACHE_SIZE="lots": expected a size such as 500M or 2G; 0 keeps nothing\n',
  ]);
});

test('a folder that cannot be written: one notice, and the run is done; what lies there is still used', async () => {
  const work = await photos();
  const {rows} = await score(work, FEATURES, {env: {CV_LOSS_HOME: work.path('home')}});
  const other = noise(500, SIDE, SIDE, 3);
  await work.image('target/0.png', other);
  const folders = readdirSync(work.path('home'), {recursive: true, withFileTypes: true}).filter((entry) =>
    entry.isDirectory(),
  );
  const all = [work.path('home'), ...folders.map((entry) => join(entry.parentPath, entry.name))];
  for (const folder of all) chmodSync(folder, 0o555);
  onTestFinished(() => {
    for (const folder of all) chmodSync(folder, 0o755);
  });
  const found = await features(work, {env: {CV_LOSS_HOME: work.path('home')}, unprivileged: true});
  expect(found.lookups).toEqual({hits: IMAGES - 1, misses: 1});
  expect(found.stderr.split('\n').filter((line) => line.includes('not cached'))).toEqual([
    `cv-loss: features are not cached: cannot write ${work.path('home', 'features')}: permission denied; choose another place, or change its permissions (CV_LOSS_HOME; or --no-cache)`,
  ]);
  expect(found.rows.split('\n').slice(2)).toEqual(rows.split('\n').slice(2));
});

test('four runs at once share one cache: the same rows, no notice, no litter', async () => {
  const work = await photos();
  const {rows} = await score(work, FEATURES, {cache: false});
  const run = async (n: number) => {
    const {code, stderr} = await work.run(['eval', ...INPUTS, ...LOSSES, '--quiet', '--report', `r${n}`], {
      env: {CV_LOSS_CACHE_SIZE: '1M'},
    });
    return {code, stderr, rows: work.read(`r${n}`, 'rows.csv')};
  };
  for (const outcome of await Promise.all([0, 1, 2, 3].map(run))) expect(outcome).toEqual({code: 0, stderr: '', rows});
  expect(cached(work).filter((path) => path.endsWith('.tmp'))).toEqual([]);
  expect(cached(work).reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThanOrEqual(2 ** 20);
});

const SUBJECTS = ['ann', 'bob'];

async function faces(): Promise<Workspace> {
  const work = new Workspace(onTestFinished);
  for (const [s, subject] of SUBJECTS.entries()) {
    for (let n = 0; n < 3; n++) await work.image(`faces/${subject}/${n}.png`, noise(10 * s + n + 1, 20, 14, 3));
  }
  work.write('m.onnx', smallOnnx());
  return work;
}

const EMBEDDINGS = {model: 'm.onnx', images: 'faces', labels: 'folder'};
const embedding = (more: object = {}): ConfigInput => ({
  embeddings: {...EMBEDDINGS, ...more},
  losses: ['triplet', 'info-nce'],
});

test("a model's embeddings: found by the bytes of images and model, the same rows as without", async () => {
  const work = await faces();
  const none = await score(work, embedding(), {cache: false});
  const first = await score(work, embedding());
  const second = await score(work, embedding());
  expect([none.lookups, first.lookups, second.lookups]).toEqual([
    undefined,
    {hits: 0, misses: 6},
    {hits: 6, misses: 0},
  ]);
  for (const {rows, report} of [first, second]) expect({rows, report}).toEqual({rows: none.rows, report: none.report});
  await work.image('faces/ann/0.png', noise(77, 20, 14, 3));
  expect((await score(work, embedding())).lookups).toEqual({hits: 5, misses: 1});
  const other = await score(work, embedding({range: [-1, 1]}));
  expect(other.lookups).toEqual({hits: 0, misses: 6});
  expect(other.rows).not.toBe(none.rows);
  // A byte more in the file is another model.
  work.write('m.onnx', Buffer.concat([smallOnnx(), Buffer.from([0x1a, 0x01, 0x62])]));
  expect((await score(work, embedding())).lookups).toEqual({hits: 0, misses: 6});
});

test('an image that cannot be decoded fails in every run', async () => {
  const work = await faces();
  writeFileSync(
    work.path('faces', 'ann', '1.png'),
    readFileSync(fixture('photos', 'pred', '000.png')).subarray(0, 900),
  );
  work.write('cv-loss.json', JSON.stringify(embedding()));
  for (const hits of [0, 5]) {
    const {code} = await work.run(['eval', '--quiet']);
    expect(code).toBe(3);
    const {cache} = work.json('cv-loss-report', 'timing.json') as {cache: unknown};
    expect(cache).toEqual({hits, misses: 6 - hits});
  }
});

test('the sets of a series share what is known; series.json is the same bytes', async () => {
  const work = await photos();
  cpSync(work.path('pred'), work.path('runs', 'a'), {recursive: true});
  cpSync(work.path('target'), work.path('runs', 'b'), {recursive: true});
  const made: {cache: unknown; report: string}[] = [];
  const config: ConfigInput = {series: 'runs/*', inputs: {target: 'target'}, losses: ['texture']};
  const inProcess = (cache: boolean) =>
    atHome(work, {}, () =>
      evaluateSeries({...config, report: {dir: 'cv-loss-report'}}, {cwd: work.path(), keepRows: false, cache}),
    );
  const command = async () => {
    const inputs = ['--series', 'runs/*', '--target', 'target', '--losses', 'texture'];
    expect(await work.run(['eval', ...inputs, '--quiet'])).toMatchObject({code: 0});
  };
  for (const run of [() => inProcess(false), () => inProcess(true), command]) {
    await run();
    const {cache} = work.json('cv-loss-report', 'timing.json') as {cache?: unknown};
    made.push({cache, report: work.read('cv-loss-report', 'series.json')});
  }
  expect(made.map(({cache}) => cache)).toEqual([undefined, {hits: 0, misses: PHOTOS}, {hits: PHOTOS, misses: 0}]);
  expect(new Set(made.map(({report}) => report)).size).toBe(1);
});
