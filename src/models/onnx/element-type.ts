import type {Tensor} from 'onnxruntime-node';
import type {OnnxRuntime} from '../../device/onnx-runtime.js';
import {fromHalfFloats, toHalfFloats} from '../../kernels/half-float.js';

type NumberArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array;

/** How values become the elements of a tensor. */
const MAKE: Readonly<Record<string, (values: Float32Array) => NumberArray>> = {
  float32: (values) => values,
  float64: (values) => Float64Array.from(values),
  float16: toHalfFloats,
  uint8: (values) => Uint8Array.from(values),
  int8: (values) => Int8Array.from(values),
  uint16: (values) => Uint16Array.from(values),
  int16: (values) => Int16Array.from(values),
  uint32: (values) => Uint32Array.from(values),
  int32: (values) => Int32Array.from(values),
  int64: (values) => BigInt64Array.from(values, (value) => BigInt(value)),
  uint64: (values) => BigUint64Array.from(values, (value) => BigInt(value)),
};

/** A tensor of the type that a model's input has. */
export function tensorOf(
  runtime: OnnxRuntime,
  element: string,
  values: Float32Array,
  shape: readonly number[],
): Tensor {
  const data = MAKE[element]?.(values);
  if (data === undefined) throw new TypeError(`no tensor of ${element} can be made of pixels`);
  const tensor = new runtime.Tensor(element as 'float32', data as Float32Array, [...shape]);
  // Where JavaScript has an array of halves, the package makes one of the bits, and its own native part cannot read it.
  if (element === 'float16') Object.assign(tensor, {cpuData: data});
  return tensor;
}

/** The values of an output, whatever its type; null for one that holds no numbers. */
export function valuesOf({type, data}: Tensor): Float32Array | null {
  if (data instanceof Float32Array) return data;
  if (type === 'string') return null;
  // Where JavaScript has no array of halves, their bits come.
  if (type === 'float16' && data instanceof Uint16Array) return fromHalfFloats(data);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
