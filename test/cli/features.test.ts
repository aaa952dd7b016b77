import {copyFileSync, mkdirSync, readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readPng} from '../png.js';
import {cell} from './rows.js';
import {fixture, type Pixels, Workspace} from './workspace.js';

/** A layer of two images, by PyTorch in float64. */
interface LayerValues {
  /** Channels, height, width. */
  readonly shape: readonly [number, number, number];
  readonly perceptual: number;
  readonly texture_gatys: number;
  readonly texture_volume: number;
  readonly texture_johnson: number;
}

interface TopologyValues {
  readonly bce: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly 'total_mu0.1': number;
}

type ByKey<Values> = Readonly<Record<string, Values>>;

interface Reference {
  readonly squeezenet1_0: ByKey<ByKey<LayerValues>>;
  readonly vgg16_hashed_seed0: ByKey<ByKey<LayerValues>>;
  readonly vgg19_hashed_seed0: ByKey<ByKey<LayerValues>>;
  readonly topology: ByKey<
    Readonly<Record<'vgg19_crop_imagenet' | 'vgg19_crop_unit' | 'squeezenet1_0_full', TopologyValues>>
  >;
}

const reference = JSON.parse(readFileSync(fixture('features.json'), 'utf8')) as Reference;
const keys = Object.keys(reference.squeezenet1_0);
const NORMALIZATIONS = ['gatys', 'volume', 'johnson', 'none'] as const;
const work = new Workspace(afterAll);

/** A config of every term that the reference has of a network. */
function everyTerm(network: Readonly<Record<string, unknown>>, values: ByKey<ByKey<LayerValues>>): object {
  const names = Object.keys(values[keys[0] as string] as object);
  const layers = Object.fromEntries(names.map((name) => [name, 1]));
  return {
    losses: [
      {type: 'perceptual', ...network, layers},
      ...NORMALIZATIONS.map((normalization) => ({
        type: 'texture',
        id: normalization,
        ...network,
        layers,
        normalization,
      })),
    ],
  };
}

async function crop(from: string, name: string): Promise<void> {
  const image = await readPng(new URL(`file://${fixture(from)}`));
  const channels = image.channels as Pixels['channels'];
  const data = new Uint8Array(160 * 160 * channels);
  for (let y = 0; y < 160; y++) {
    const start = ((y + 176) * image.width + 176) * channels;
    data.set(image.data.subarray(start, start + 160 * channels), y * 160 * channels);
  }
  await work.image(name, {height: 160, width: 160, channels, data});
}

const VGG19 = {network: 'vgg19', weights: {hashed: 0}};
const VGG16 = {network: 'vgg16', weights: {hashed: 0}};
const TOPOLOGY = {type: 'topology', scale: 'raw', mu: 0.1};

/** By report: the config, and where its images are. */
const runs: Readonly<Record<string, {config: object; images: 'photos' | 'crops' | 'masks' | 'mask-crops'}>> = {
  squeezenet1_0: {config: everyTerm({}, reference.squeezenet1_0), images: 'photos'},
  vgg16_hashed_seed0: {config: everyTerm(VGG16, reference.vgg16_hashed_seed0), images: 'crops'},
  vgg19_hashed_seed0: {config: everyTerm(VGG19, reference.vgg19_hashed_seed0), images: 'crops'},
  'topology-squeezenet': {config: {losses: [{...TOPOLOGY, id: 'squeezenet1_0_full'}]}, images: 'masks'},
  'topology-vgg19': {
    config: {
      losses: [
        {...TOPOLOGY, id: 'vgg19_crop_imagenet', ...VGG19},
        {...TOPOLOGY, id: 'vgg19_crop_unit', ...VGG19, network_input: 'unit'},
      ],
    },
    images: 'mask-crops',
  },
};

beforeAll(async () => {
  for (const key of keys) {
    for (const side of ['pred', 'target']) await crop(`photos/${side}/${key}.png`, `crops/${side}/${key}.png`);
    await crop(`masks/prob/${key}.png`, `mask-crops/pred/${key}.png`);
    await crop(`masks/target/${key}.png`, `mask-crops/target/${key}.png`);
  }
  const images = {
    photos: (key: string, side: string) => fixture('photos', side, `${key}.png`),
    masks: (key: string, side: string) => fixture('masks', side === 'pred' ? 'prob' : side, `${key}.png`),
    crops: (key: string, side: string) => `crops/${side}/${key}.png`,
    'mask-crops': (key: string, side: string) => `mask-crops/${side}/${key}.png`,
  };
  for (const [name, pathOf] of Object.entries(images)) {
    const lines = keys.map((key) => [key, pathOf(key, 'pred'), pathOf(key, 'target')].join());
    work.write(`${name}.csv`, `key,pred,target\n${lines.join('\n')}\n`);
  }
  for (const [name, run] of Object.entries(runs)) {
    work.write(`${name}.json`, JSON.stringify(run.config));
    const args = ['eval', '--config', `${name}.json`, '--pairs', `${run.images}.csv`, '--report', name, '--quiet'];
    expect(await work.run(args)).toEqual({code: 0, stdout: '', stderr: ''});
  }
}, 300_000);

/** Expects the cells of a row to be those numbers to 1e-4. */
function expectCells(report: string, key: string, expected: Readonly<Record<string, number>>): void {
  const row = work.rows(report).get(key);
  const off = Object.entries(expected).map(([column, value]) => [column, Math.abs(cell(row, column) / value - 1)]);
  expect(off.filter(([, error]) => !((error as number) < 1e-4))).toEqual([]);
}

describe.each(['squeezenet1_0', 'vgg16_hashed_seed0', 'vgg19_hashed_seed0'] as const)(
  'every layer of %s, through the command line',
  (report) => {
    test.each(keys)('photo %s', (key) => {
      const layers = Object.entries(reference[report][key] as ByKey<LayerValues>);
      expect(layers.length).toBeGreaterThan(8);
      for (const [layer, values] of layers) {
        const [channels, height, width] = values.shape;
        expectCells(report, key, {
          [`perceptual.${layer}`]: values.perceptual,
          [`gatys.${layer}`]: values.texture_gatys,
          [`volume.${layer}`]: values.texture_volume,
          [`johnson.${layer}`]: values.texture_johnson,
          [`none.${layer}`]: values.texture_gatys * 4 * channels ** 2 * (height * width) ** 2,
        });
      }
      const total = layers.reduce((sum, [, {perceptual}]) => sum + perceptual, 0);
      expectCells(report, key, {perceptual: total});
    });
  },
);

describe('topology, through the command line', () => {
  test.each([
    ['topology-squeezenet', 'squeezenet1_0_full'],
    ['topology-vgg19', 'vgg19_crop_imagenet'],
    ['topology-vgg19', 'vgg19_crop_unit'],
  ] as const)('%s: %s', (report, id) => {
    for (const key of keys) {
      const {bce, terms, 'total_mu0.1': total} = (reference.topology[key] as Reference['topology'][string])[id];
      const layers = Object.entries(terms).map(([layer, value]) => [`${id}.${layer}`, value]);
      expect(layers).toHaveLength(3);
      // A mask that both sides leave empty has no difference to be relative to.
      const all = {[`${id}.bce`]: bce, [id]: total, ...Object.fromEntries(layers)} as Record<string, number>;
      expectCells(report, key, Object.fromEntries(Object.entries(all).filter(([, value]) => value > 1e-9)));
    }
  });
});

describe('style images', () => {
  const config = {
    losses: [
      {type: 'content-style', statistic: 'gram', style_layers: {fire2: 1}},
      {type: 'texture', layers: {fire2: 1}},
    ],
  };
  const args = ['--config', 'style.json', '--pred', 'crops/pred', '--target', 'crops/target', '--quiet'];

  beforeAll(async () => {
    work.write('style.json', JSON.stringify(config));
    mkdirSync(work.path('styles'));
    mkdirSync(work.path('same'));
    for (const [i, key] of keys.entries()) {
      copyFileSync(fixture('photos/target', `${keys[(i + 1) % keys.length]}.png`), work.path('styles', `${key}.png`));
      copyFileSync(fixture('photos/target/005.png'), work.path('same', `${key}.png`));
    }
    const inputs = {one: fixture('photos/target/005.png'), same: 'same', each: 'styles'};
    for (const [report, style] of Object.entries(inputs)) {
      const ended = await work.run(['eval', ...args, '--input', `style=${style}`, '--report', report]);
      expect(ended).toEqual({code: 0, stdout: '', stderr: ''});
    }
  }, 120_000);

  test('one for the dataset is the same as a copy for each sample', () => {
    expect(work.read('one', 'rows.csv')).toBe(work.read('same', 'rows.csv'));
  });

  test('one for each sample goes with its key, and content-style and texture agree on it', () => {
    const [one, each] = [work.rows('one'), work.rows('each')];
    for (const key of keys) {
      expect(cell(each.get(key), 'content-style.style_fire2')).toBe(cell(each.get(key), 'texture.fire2'));
      expect(cell(each.get(key), 'texture.fire2')).not.toBe(cell(one.get(key), 'texture.fire2'));
      expect(cell(each.get(key), 'content-style.content')).toBe(cell(one.get(key), 'content-style.content'));
    }
  });
});

describe('mistakes', () => {
  const onCrops = ['eval', '--pred', 'crops/pred', '--target', 'crops/target', '--no-report', '--quiet'];
  const refusedWith = async (loss: object, extra: readonly string[] = onCrops) => {
    work.write('mistake.json', JSON.stringify({losses: [loss]}));
    const {code, stdout, stderr} = await work.run([...extra, '--config', 'mistake.json']);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return {code, line: stderr.trim()};
  };

  test('a wrong layer name', async () => {
    const {code, line} = await refusedWith({type: 'perceptual', layers: {fire22: 1}});
    expect(code).toBe(2);
    expect(line).toContain(
      "perceptual: layers: squeezenet1_0 has no layer 'fire22'; did you mean 'fire2'? Its layers: relu_conv1, fire2",
    );
  });

  test('a wrong network', async () => {
    const {code, line} = await refusedWith({type: 'texture', network: 'vgg'});
    expect(code).toBe(2);
    expect(line).toMatch(/mistake\.json:1:\d+.*squeezenet1_0.*vgg16.*vgg19/);
  });

  test('no layer at all', async () => {
    const {code, line} = await refusedWith({type: 'perceptual', layers: {}});
    expect(code).toBe(2);
    expect(line).toMatch(/mistake\.json:1:\d+.*at least one layer/);
  });

  test('weights that are not there', async () => {
    const {code, line} = await refusedWith({type: 'perceptual', network: 'vgg19', weights: 'none.safetensors'});
    expect(code).toBe(2);
    expect(line).toContain('none.safetensors');
  });

  test('weights that are something else', async () => {
    const {code, line} = await refusedWith({type: 'perceptual', weights: fixture('photos.json')});
    expect(code).toBe(2);
    expect(line).toContain('photos.json');
  });

  test('VGG without weights', async () => {
    const {code, line} = await refusedWith({type: 'perceptual', network: 'vgg19'});
    expect(code).toBe(2);
    expect(line).toMatch(/vgg19.*weights/);
  });

  test('content-style without a style, before an image is read', async () => {
    const missing = [
      'eval',
      '--pred',
      'crops/pred/000.png',
      '--target',
      'crops/target/000.png',
      '--no-report',
      '--quiet',
    ];
    const {code, line} = await refusedWith({type: 'content-style'}, missing);
    expect(code).toBe(2);
    expect(line).toContain("loss 'content-style' needs style: give --input style=PATH or inputs.style");
  });

  test('an image that is smaller than the network reaches', async () => {
    await work.image('small/pred.png', {height: 8, width: 30, channels: 3, data: new Uint8Array(720).fill(9)});
    work.write('mistake.json', JSON.stringify({losses: ['perceptual']}));
    const args = ['--config', 'mistake.json', '--pred', 'small/pred.png', '--target', 'small/pred.png'];
    const {code} = await work.run(['eval', ...args, '--quiet', '--report', 'small-report']);
    expect(code).toBe(3);
    expect(work.rows('small-report').get('pred')?.reason).toMatch(
      /^too-small: perceptual: squeezenet1_0's fire2 needs/,
    );
  });
});
