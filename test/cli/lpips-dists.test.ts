import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readPng} from '../png.js';
import {cell} from './rows.js';
import {fixture, Workspace} from './workspace.js';

/** A value, and each layer's part of it, by the packages of the authors in float64. */
interface Value {
  readonly value: number;
  readonly layers?: Readonly<Record<string, number>>;
}

type ByKey<Values> = Readonly<Record<string, Values>>;

interface Reference {
  readonly squares: ByKey<{readonly top: number; readonly left: number; readonly size: number}>;
  readonly lpips: ByKey<ByKey<Value>>;
  readonly dists: ByKey<Value>;
}

const reference = JSON.parse(readFileSync(fixture('lpips-dists.json'), 'utf8')) as Reference;
const keys = Object.keys(reference.squares);
const HASHED = {weights: {hashed: 0}};
const losses = [
  ...['alex', 'vgg', 'squeeze'].map((net) => ({type: 'lpips', id: net, net, ...HASHED})),
  {type: 'dists', ...HASHED},
];
const work = new Workspace(afterAll);

beforeAll(async () => {
  for (const [key, {top, left, size}] of Object.entries(reference.squares)) {
    for (const side of ['pred', 'target']) {
      const {width, data} = await readPng(new URL(`file://${fixture('photos', side, `${key}.png`)}`));
      const square = new Uint8Array(size * size * 3);
      for (let y = 0; y < size; y++) {
        const from = ((y + top) * width + left) * 3;
        square.set(data.subarray(from, from + size * 3), y * size * 3);
      }
      await work.image(`${side}/${key}.png`, {height: size, width: size, channels: 3, data: square});
    }
  }
  work.write('all.json', JSON.stringify({losses}));
});

async function scored(report: string, ...args: readonly string[]) {
  const {code, stderr} = await work.run(['eval', '--config', 'all.json', '--quiet', '--report', report, ...args]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  return work.rows(report);
}

describe("the authors' values, through the command line", () => {
  let rows: Awaited<ReturnType<typeof scored>>;

  beforeAll(async () => {
    rows = await scored('values', '--pred', 'pred', '--target', 'target');
  }, 120_000);

  test.each(keys)('photo %s', (key) => {
    const expected: Record<string, number> = {dists: reference.dists[key]?.value as number};
    for (const [net, values] of Object.entries(reference.lpips)) {
      const {value, layers = {}} = values[key] as Value;
      expected[net] = value;
      for (const [layer, term] of Object.entries(layers)) expected[`${net}.${layer}`] = term;
    }
    expect(Object.keys(expected)).toHaveLength(4 + 5 + 5 + 7);
    const row = rows.get(key);
    const off = Object.entries(expected).map(([column, value]) => [column, Math.abs(cell(row, column) / value - 1)]);
    expect(off.filter(([, error]) => !((error as number) < 1e-5))).toEqual([]);
  });

  test('the report says how each network pools', () => {
    expect(work.json('values', 'report.json')).toMatchObject({
      networks: [
        {network: 'alexnet', pooling: 'max', weights: 'hashed seed 0'},
        {network: 'vgg16', pooling: 'max'},
        {network: 'squeezenet1_1', pooling: 'max'},
        {network: 'vgg16', pooling: 'l2'},
      ],
    });
  });

  test('each layer of dists is a column, and they add up', () => {
    const layers = ['image', 'relu1_2', 'relu2_2', 'relu3_3', 'relu4_3', 'relu5_3'];
    for (const row of rows.values()) {
      const sum = layers.reduce((total, layer) => total + cell(row, `dists.${layer}`), 0);
      expect(sum / cell(row, 'dists')).toBeCloseTo(1, 12);
    }
  });
});

describe('mistakes', () => {
  const refused = async (config: object, ...args: readonly string[]) => {
    work.write('mistake.json', JSON.stringify(config));
    const images = ['--pred', 'pred', '--target', 'target', '--no-report', '--quiet'];
    const {code, stdout, stderr} = await work.run(['eval', '--config', 'mistake.json', ...images, ...args]);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return stderr;
  };

  test.each([
    [{type: 'lpips'}, 'cv-loss models pull alexnet'],
    [{type: 'lpips', net: 'squeeze'}, 'cv-loss models pull squeezenet1_1'],
    [{type: 'lpips', net: 'vgg'}, 'cv-loss models pull vgg16 --source torchvision'],
    [{type: 'dists'}, 'cv-loss models pull vgg16 --source torchvision'],
  ])('weights that are not there, %o: the command that gets them', async (loss, command) => {
    expect(await refused({losses: [loss]})).toContain(command);
  });

  test('another net', async () => {
    expect(await refused({losses: [{type: 'lpips', net: 'resnet'}]})).toMatch(/alex, vgg or squeeze, got 'resnet'/);
  });

  test('ignored pixels for dists alone', async () => {
    const line = await refused({losses: [{type: 'dists', ...HASHED}]}, '--input', 'ignore=target');
    expect(line).toMatch(/no loss of this config reads the role 'ignore'/);
  });
});

test('identical images give 0', async () => {
  const rows = await scored('identical', '--pred', 'target/002.png', '--target', 'target/002.png');
  expect(rows.size).toBe(1);
  for (const row of rows.values()) {
    for (const {type, ...given} of losses) {
      const id = 'id' in given ? (given.id as string) : type;
      expect(cell(row, id)).toBe(0);
    }
  }
});
