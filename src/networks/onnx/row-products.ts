import {RunError} from '../../errors.js';
import {ElementType} from './model.js';
import {onnxRuntime} from './runtime.js';
import {openSession} from './session.js';

/** Products of some rows of a matrix with all of its rows, in float32. */
export interface OnnxRowProducts {
  /** Writes them row-major, `[rows.length, all rows]`. */
  write(rows: Int32Array, out: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Products by ONNX Runtime; null where it is not there (`onnxRuntimeProblem` says why). The matrix is a constant of the
 * graph, which the runtime arranges for its kernel once: as an input it would be arranged again for every block.
 */
export async function onnxRowProducts(
  values: Float32Array,
  dimensions: number,
  threads: number,
): Promise<OnnxRowProducts | null> {
  const runtime = await onnxRuntime();
  if (!runtime) return null;
  const count = values.length / dimensions;
  const all = {name: 'all', shape: [count, dimensions], location: 'all', bytes: values.byteLength};
  const graph = {
    inputs: [{name: 'some', element: ElementType.float32, shape: ['rows', dimensions]}],
    nodes: [{operator: 'Gemm', inputs: ['some', 'all'], output: 'products', attributes: {transB: 1}}],
    outputs: [{name: 'products', element: ElementType.float32}],
    constants: [all],
  };
  const session = await openSession(runtime, threads, graph, new Map([['all', values]])).catch(outOfMemory);
  return {
    async write(rows, out) {
      const some = new Float32Array(rows.length * dimensions);
      rows.forEach((row, i) => {
        some.set(values.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
      });
      const feeds = {some: new runtime.Tensor('float32', some, [rows.length, dimensions])};
      const fetches = {products: new runtime.Tensor('float32', out, [rows.length, count])};
      await session.run(feeds, fetches).catch(outOfMemory);
    },
    close: () => session.release(),
  };
}

function outOfMemory(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  if (!/alloc|memory/i.test(message)) throw error;
  throw new RunError('out-of-memory', 'ONNX Runtime finds no room for the vectors', {cause: error});
}
