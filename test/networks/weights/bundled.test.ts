import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {loadNetwork} from '../../../src/networks/load.js';

interface Table {
  readonly input: 'weights' | 'unit';
  readonly pooling: 'max' | 'average';
  readonly layers: Record<string, number>;
}

const numpy = JSON.parse(readFileSync('fixtures/networks/calibration.json', 'utf8')) as {
  images: string[];
  mean_squared_activation: Table[];
};

const request = {network: 'squeezenet1_0', weights: 'default', pooling: 'max', input: 'weights'} as const;

describe('bundled weights', () => {
  test('are those of the file, byte for byte', async () => {
    const bytes = readFileSync('weights/squeezenet1_0-features.safetensors');
    // The file lists its tensors in the order of the network, kernel before bias.
    const data = bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
    const {weightsHash, weightsSource} = await loadNetwork(request);
    expect(weightsHash).toBe(createHash('sha256').update(data).digest('hex'));
    expect(weightsSource).toBe('bundled');
  });

  test('preprocessing is theirs, or none', async () => {
    expect((await loadNetwork(request)).preprocessing).toEqual({
      order: 'bgr',
      scale: 255,
      mean: [104, 117, 123],
      std: [1, 1, 1],
    });
    expect((await loadNetwork({...request, input: 'unit'})).preprocessing).toEqual({
      order: 'rgb',
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
  });

  test.each(numpy.mean_squared_activation)(
    'calibration constants are what numpy computes: $input, $pooling',
    async ({input, pooling, layers}) => {
      const {calibration, layers: names} = await loadNetwork({...request, input, pooling});
      expect(Object.keys(calibration ?? {})).toEqual(names);
      for (const [layer, value] of Object.entries(layers)) {
        expect(Math.abs((calibration?.[layer] ?? 0) / value - 1)).toBeLessThan(1e-6);
      }
    },
  );

  test('calibration belongs to these weights only, and names its photographs', async () => {
    expect((await loadNetwork({...request, weights: {hashed: 0}})).calibration).toBeNull();
    const {images} = JSON.parse(readFileSync('weights/squeezenet1_0-calibration.json', 'utf8')) as {images: string[]};
    expect(images).toEqual(numpy.images.map((name) => `fixtures/photos/target/${name}`));
  });
});
