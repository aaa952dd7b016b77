import {wrongArithmetic} from './arithmetic.js';
import type {Device, TensorLibrary} from './device.js';
import {firstLine} from './first-line.js';
import {startDevice} from './start.js';
import {setUpBinding, startTensorflow} from './tensorflow.js';

/** What a device said of itself, printed as JSON by this program: `node device-probe.js NAME [SETUP]`. */
export type Probe =
  | {
      readonly versions: Readonly<Record<string, string>>;
      readonly gpu: boolean;
      readonly memoryLimit: number;
      /** What computes, as its driver names it; null where the device does not say. */
      readonly adapter: string | null;
      /** What it computes wrongly. */
      readonly wrong: string | null;
      /** Of a convolution of 3×3 over 64 channels, 1e9 operations a second; 0 where it computes wrongly. */
      readonly gflops: number;
    }
  | {readonly error: string};

/** The sides of the image whose convolution is timed. */
const SIDE = 128;
const CHANNELS = 64;

async function probe(name: string, setup: string | undefined): Promise<Probe> {
  try {
    const device = setup === undefined ? await startDevice(nameOf(name)) : await startTensorflow(setUpBinding(setup));
    await device.ready();
    const {tf, versions, gpu, memoryLimit, adapter = null} = device;
    const wrong = await wrongArithmetic(tf);
    const gflops = wrong === null ? await convolutionSpeed(tf) : 0;
    await device.close?.();
    return {versions, gpu, memoryLimit, adapter, wrong, gflops};
  } catch (error) {
    return {error: firstLine(error).replace(/^--device \w+: |, or use --device cpu$/g, '')};
  }
}

function nameOf(name: string): Device['name'] {
  return name === 'tensorflow' || name === 'webgpu' ? name : 'cpu';
}

/** 1e9 operations a second of the second of two convolutions: the first one compiles. */
async function convolutionSpeed(tf: TensorLibrary): Promise<number> {
  const image = tf.ones([1, SIDE, SIDE, CHANNELS]) as ReturnType<TensorLibrary['tensor4d']>;
  const filter = tf.ones([3, 3, CHANNELS, CHANNELS]) as typeof image;
  let seconds = 0;
  for (let turn = 0; turn < 2; turn++) {
    const started = performance.now();
    // The sum is read, so that the device is waited for and little is copied.
    await tf.sum(tf.conv2d(image, filter, 1, 'same'), [1, 2]).data();
    seconds = (performance.now() - started) / 1000;
  }
  return (2 * SIDE * SIDE * 9 * CHANNELS * CHANNELS) / seconds / 1e9;
}

process.stdout.write(JSON.stringify(await probe(process.argv[2] ?? '', process.argv[3])));
