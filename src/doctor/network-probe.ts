import {firstLine} from '../device/first-line.js';
import {loadOnnxRuntime, type OnnxRuntime, onnxRuntimeVersion} from '../device/onnx-runtime.js';
import {convolutionModel} from './network-model.js';

/** What ONNX Runtime said of itself, printed as JSON by this program: `node network-probe.js`. */
export type NetworkProbe =
  | {
      readonly version: string;
      /** What it computes wrongly. */
      readonly wrong: string | null;
    }
  | {readonly error: string};

async function probe(): Promise<NetworkProbe> {
  try {
    const {default: runtime} = await loadOnnxRuntime();
    return {version: onnxRuntimeVersion(), wrong: await wrongConvolution(runtime)};
  } catch (error) {
    return {error: firstLine(error)};
  }
}

/** What comes out wrongly of a convolution that can be done by hand; null when it is right. */
async function wrongConvolution({InferenceSession, Tensor}: OnnxRuntime['default']): Promise<string | null> {
  const session = await InferenceSession.create(convolutionModel());
  const x = new Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), [1, 1, 3, 3]);
  const w = new Tensor('float32', Float32Array.of(1, 10, 100, 1000), [1, 1, 2, 2]);
  const {y} = await session.run({x, w});
  const got = Array.from((y?.data ?? []) as Float32Array).join();
  await session.release();
  const expected = '5421,6532,8754,9865';
  return got === expected ? null : `a convolution comes out as ${got}, not ${expected}`;
}

process.stdout.write(JSON.stringify(await probe()));
