import {availableParallelism} from 'node:os';
import {INSTALL_ONNX_RUNTIME} from '../device/onnx-runtime.js';
import {type TensorRowProducts, tensorRowProducts} from '../device/row-products.js';
import {notice} from '../notice.js';

/** Bytes of a matrix that TensorFlow.js's memory of 4 GB takes, beside what it makes of it. */
const TENSOR_BYTES = 2 ** 30;

/**
 * The fastest products of a matrix's rows that this machine has, in float32: ONNX Runtime's, else those of TensorFlow.js,
 * which takes a tenth of the time of a loop; null where neither can hold the matrix. `onNotice` gets a line where it is
 * not the fastest.
 */
export async function fastRowProducts(
  values: Float32Array,
  dimensions: number,
  onNotice: (line: string) => void,
): Promise<TensorRowProducts | null> {
  const {onnxRowProducts} = await import('../networks/onnx/row-products.js');
  const products = await onnxRowProducts(values, dimensions, availableParallelism());
  if (products) return products;
  const {onnxRuntimeProblem} = await import('../networks/onnx/runtime.js');
  const fits = values.byteLength <= TENSOR_BYTES;
  const slower = fits ? 'by TensorFlow.js, several times slower' : 'in JavaScript, many times slower';
  onNotice(
    notice('CVL-W013', `distances are computed ${slower}: ${await onnxRuntimeProblem()} (${INSTALL_ONNX_RUNTIME})`),
  );
  if (!fits) return null;
  const {startCpu} = await import('../device/cpu.js');
  const device = startCpu();
  await device.ready();
  return tensorRowProducts(device.tf, values, dimensions);
}
