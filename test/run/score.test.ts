import {beforeAll, describe, expect, test} from 'vitest';
import type {Device} from '../../src/device/device.js';
import {RunError, SampleError} from '../../src/errors.js';
import type {BatchCells} from '../../src/losses/contract.js';
import type {DecodedSample} from '../../src/run/batch.js';
import {type LossOutcome, scoreLoss} from '../../src/run/score.js';
import {bytes, floats} from '../losses/score.js';
import {cpu, tensorDevice} from './devices.js';
import {builtIn, configured, custom, firstPixel, type TestLoss} from './losses.js';
import {decodedSample, pixelSamples} from './samples.js';

const signal = new AbortController().signal;

let device: Device;
beforeAll(async () => {
  device = await cpu();
});

async function score(loss: TestLoss, samples: readonly DecodedSample[], on = device): Promise<LossOutcome[]> {
  const [ready] = await configured(custom(loss));
  return scoreLoss(ready as NonNullable<typeof ready>, samples, {device: on, signal});
}

/** A loss that notes the size of every batch it is given; its value is the first pixel. */
function counting(memory: number): {readonly sizes: number[]; readonly loss: TestLoss} {
  const sizes: number[] = [];
  const loss: TestLoss = {
    instance: {
      memory: () => memory,
      perSample: async ({samples}) => {
        sizes.push(samples.length);
        return {'': samples.map(firstPixel)};
      },
    },
  };
  return {sizes, loss};
}

const cells = (...values: readonly number[]) => values.map((value) => ({cells: {custom: value}}));

describe('batches', () => {
  test('all samples at once where memory allows, values in order', async () => {
    const {sizes, loss} = counting(10);
    expect(await score(loss, pixelSamples(255, 0, 51, 102))).toEqual(cells(1, 0, 0.2, 0.4));
    expect(sizes).toEqual([4]);
  });

  test('as many as the memory of the device takes', async () => {
    const {sizes, loss} = counting(10);
    const small = await tensorDevice(39);
    expect(await score(loss, pixelSamples(255, 0, 255, 0, 51, 0, 255), small)).toEqual(cells(1, 0, 1, 0, 0.2, 0, 1));
    expect(sizes).toEqual([3, 3, 1]);
  });

  test('a sample that needs more than there is fails, with its size and both amounts', async () => {
    const {sizes, loss} = counting(3 * 2 ** 30);
    const sample = decodedSample('a', {pred: bytes(2, 5, 1, new Array(10)), target: bytes(2, 5, 1, new Array(10))});
    const [outcome] = await score(loss, [sample], await tensorDevice(1.5 * 2 ** 30));
    expect(outcome).toEqual({failure: expect.any(SampleError)});
    expect(failureOf(outcome)).toBe(
      'out-of-memory: custom: 5x2 pixels need about 3.0 GiB of tensor memory, device tensorflow has 1.5 GiB; score smaller images or crops',
    );
    expect(sizes).toEqual([]);
  });

  test('memory is asked for the cropped size and the channels of the inputs', async () => {
    const asked: number[][] = [];
    const rgb = bytes(6, 8, 3, new Array(144).fill(0));
    const weight = floats(6, 8, 1, new Array(48).fill(1));
    const loss: TestLoss = {
      optionalInputs: {weight: 'weights'},
      instance: {
        view: {color: 'rgb', range: [0, 1], cropBorder: 1},
        memory: (...shape) => {
          asked.push(shape);
          return 1;
        },
      },
    };
    await score(loss, [decodedSample('a', {pred: rgb, target: rgb, weight})]);
    expect(asked).toEqual([[4, 6, 3]]);
  });

  test('no samples, no batch', async () => {
    const {sizes, loss} = counting(1);
    expect(await score(loss, [])).toEqual([]);
    expect(sizes).toEqual([]);
  });

  test('every tensor of a batch is freed, also when the loss throws', async () => {
    const before = device.tf.memory().numTensors;
    const loss: TestLoss = {
      instance: {
        perSample: async (batch): Promise<BatchCells> => {
          batch.difference();
          batch.tensor('pred');
          throw new Error('too bad');
        },
      },
    };
    await score(loss, pixelSamples(1, 2, 3));
    expect(device.tf.memory().numTensors).toBe(before);
  });
});

describe('one bad sample fails alone', () => {
  const dislikes255: TestLoss = {
    value: (sample) => {
      const value = firstPixel(sample);
      if (value === 1) throw new SampleError('too-bright', 'this one is white');
      return value;
    },
  };

  test('its batch is computed again in halves', async () => {
    const sizes: number[] = [];
    const loss: TestLoss = {
      instance: {
        memory: () => 1,
        perSample: async ({samples}) => {
          sizes.push(samples.length);
          return {'': samples.map(dislikes255.value ?? firstPixel)};
        },
      },
    };
    const outcomes = await score(loss, pixelSamples(0, 51, 255, 102, 51), await tensorDevice(3));
    expect(outcomes.map((outcome) => ('cells' in outcome ? outcome.cells.custom : failureOf(outcome)))).toEqual([
      0,
      0.2,
      'too-bright: custom: this one is white',
      0.4,
      0.2,
    ]);
    expect(sizes).toEqual([3, 2, 1, 2]);
  });

  test('a batch that a GPU has no memory for, or reports an error of, is computed in halves, and told', async () => {
    const sizes: number[] = [];
    const loss: TestLoss = {
      instance: {
        // What a device that failed leaves: zeros, and an error that only `checked` sees.
        perSample: async ({samples}) => ({'': samples.map((sample) => (samples.length > 2 ? 0 : firstPixel(sample)))}),
      },
    };
    const on: Device = {
      ...(await tensorDevice()),
      async checked(work) {
        const done = await work();
        const {length} = (done as {'': readonly number[]})[''];
        sizes.push(length);
        if (length > 2) throw new Error('OOM: Buffer size exceeds the max buffer size limit');
        return done;
      },
    };
    const [ready] = await configured(custom(loss));
    const notices: string[] = [];
    const options = {device: on, signal, onNotice: (line: string) => notices.push(line)};
    const outcomes = await scoreLoss(ready as NonNullable<typeof ready>, pixelSamples(1, 2, 3, 4, 5), options);
    expect(outcomes).toEqual(cells(...[1, 2, 3, 4, 5].map((level) => level / 255)));
    expect(sizes).toEqual([5, 3, 2, 1, 2]);
    expect(notices).toEqual([
      'custom: device tensorflow has no memory for 5 samples at once: in halves [CVL-W016]',
      'custom: device tensorflow has no memory for 3 samples at once: in halves [CVL-W016]',
    ]);
  });

  test('a GPU that is lost ends the run', async () => {
    const loss: TestLoss = {
      value: () => {
        throw new Error('the GPU is lost (reset)');
      },
    };
    await expect(score(loss, pixelSamples(1, 2), await tensorDevice())).rejects.toMatchObject({
      name: 'RunError',
      code: 'device-lost',
    });
  });

  test('in the fused form too', async () => {
    const loss: TestLoss = {
      instance: {
        fused: (sample) => {
          if (firstPixel(sample) === 1) throw new RangeError('no\nsuch pixel');
          return {'': 7};
        },
      },
    };
    const outcomes = await score(loss, pixelSamples(0, 255, 0));
    expect(outcomes[0]).toEqual({cells: {custom: 7}});
    expect(failureOf(outcomes[1])).toBe('loss-failed: custom: no such pixel');
    expect(outcomes[2]).toEqual({cells: {custom: 7}});
  });

  test('when its file cannot be read as the loss needs it, the others share a batch', async () => {
    const {sizes, loss} = counting(1);
    const good = pixelSamples(0, 51);
    const bad = decodedSample('bad', {
      pred: bytes(1, 1, 1, [0]),
      target: bytes(1, 1, 1, [0]),
      weight: floats(1, 1, 1, [-1]),
    });
    const outcomes = await score({...loss, optionalInputs: {weight: 'weights'}}, [
      good[0],
      bad,
      good[1],
    ] as DecodedSample[]);
    expect(failureOf(outcomes[1])).toMatch(/^weight: custom: a pixel weight must be .* pixel 0,0 has -1$/);
    expect([outcomes[0], outcomes[2]]).toEqual(cells(0, 0.2));
    expect(sizes).toEqual([2]);
  });

  test.each<[string, Error, string]>([
    ['its own code', new SampleError('labels', 'id 9'), 'labels: custom: id 9'],
    [
      'an allocation of V8',
      new RangeError('Array buffer allocation failed'),
      'out-of-memory: custom: Array buffer allocation failed',
    ],
    [
      'an allocation of TensorFlow',
      new Error('Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[9]'),
      'out-of-memory: custom: Invalid TF_Status: 8 Message: OOM when allocating tensor with shape[9]',
    ],
    ['anything else', new TypeError('x is not a function'), 'loss-failed: custom: x is not a function'],
  ])('the failure names the loss and keeps the cause: %s', async (_, error, text) => {
    const loss: TestLoss = {
      value: () => {
        throw error;
      },
    };
    const [outcome] = await score(loss, pixelSamples(0));
    expect(failureOf(outcome)).toBe(text);
    expect((outcome as {failure: SampleError}).failure.cause).toBe(error);
  });

  test('a column that the loss forgets is a failure', async () => {
    const columns = [
      {part: '', better: 'lower'},
      {part: 'x.y', better: 'none'},
    ] as const;
    const [forgotten] = await score({instance: {columns}}, pixelSamples(0));
    expect(failureOf(forgotten)).toBe("loss-failed: custom: loss 'custom' gave no value for its column 'x.y'");
    const perSample = async () => ({'': [1], 'x.y': [2]});
    const [given] = await score({instance: {columns, perSample}}, pixelSamples(0));
    expect(given).toEqual({cells: {custom: 1, 'custom.x_y': 2}});
  });
});

test('a wasm module that trapped computes nothing more: the run ends', async () => {
  let computed = 0;
  const loss: TestLoss = {
    value: () => {
      computed++;
      // As V8 throws it for an access outside the module's memory.
      const wasm = (globalThis as unknown as {WebAssembly: {RuntimeError: new (message: string) => Error}}).WebAssembly;
      throw new wasm.RuntimeError('memory access out of bounds');
    },
  };
  const run = score(loss, pixelSamples(0, 1, 2));
  await expect(run).rejects.toThrow(RunError);
  await expect(run).rejects.toMatchObject({
    code: 'out-of-memory',
    message: 'custom: the tensor backend ran out of memory (memory access out of bounds); lower --batch-size',
  });
  expect(computed).toBe(1);
});

describe('which form', () => {
  const both: TestLoss = {
    value: () => 1,
    instance: {perSample: async ({samples}) => ({'': samples.map(() => 1)}), fused: () => ({'': 2})},
  };

  test('the fused one on the CPU, where there is one', async () => {
    expect(await score(both, pixelSamples(0))).toEqual(cells(2));
    expect(await score({value: () => 1}, pixelSamples(0))).toEqual(cells(1));
  });

  test('the tensor one elsewhere', async () => {
    expect(await score(both, pixelSamples(0), await tensorDevice())).toEqual(cells(1));
  });
});

describe('undefined values', () => {
  test('a border that leaves no pixel', async () => {
    const loss: TestLoss = {instance: {view: {color: 'rgb', range: [0, 1], cropBorder: 1}}};
    expect(await score(loss, pixelSamples(0))).toEqual([{cells: {custom: {undefined: 'crop_border leaves no pixel'}}}]);
  });

  test('a NaN that a loss lets through, in any of its columns', async () => {
    expect(await score({value: () => Number.NaN}, pixelSamples(0))).toEqual([
      {cells: {custom: {undefined: 'computed NaN'}}},
    ]);
    const [psnr] = await configured(builtIn('psnr'));
    const broken = {pred: floats(1, 2, 1, [Number.NaN, 0]), target: floats(1, 2, 1, [0, 0])};
    const options = {device, signal};
    const outcomes = await scoreLoss(psnr as NonNullable<typeof psnr>, [decodedSample('a', broken)], options);
    const gone = {undefined: 'computed NaN'};
    expect(outcomes).toEqual([{cells: {psnr: gone, 'psnr.squared_error': gone, 'psnr.count': 2}}]);
  });
});

test('the computation pauses between samples: others run, and an abort is seen', async () => {
  const controller = new AbortController();
  let computed = 0;
  const [loss] = await configured(
    custom({
      instance: {
        fused: () => {
          computed++;
          return {'': 0};
        },
      },
    }),
  );
  setImmediate(() => controller.abort(new Error('stop now')));
  const samples = pixelSamples(...new Array(20).fill(0));
  const run = scoreLoss(loss as NonNullable<typeof loss>, samples, {device, signal: controller.signal});
  await expect(run).rejects.toThrow('stop now');
  expect(computed).toBeLessThan(5);
});

function failureOf(outcome: LossOutcome | undefined): string {
  if (!outcome || 'cells' in outcome) throw new Error(`no failure: ${JSON.stringify(outcome)}`);
  return `${outcome.failure.code}: ${outcome.failure.message}`;
}
