import {printable} from '../../printable.js';

/** What a file says of one of its tensors. */
export interface TensorDescription {
  /** As safetensors names types: F32, F64, I64, … */
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** An open file of named tensors, whatever its format. */
export interface TensorFile {
  readonly entries: ReadonlyMap<string, TensorDescription>;
  /** What the file says of itself beside its tensors. */
  readonly metadata: ReadonlyMap<string, string>;
  /** A float32 tensor's values, row-major. Throws RangeError when it has another type, or holds values that are not finite. */
  read(name: string): Promise<Float32Array>;
}

/** The description of a tensor that is to be read as float32. Throws RangeError when it is not there or has another type. */
export function floatEntry<Entry extends TensorDescription>(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  if (!entry) throw new RangeError(`there is no tensor ${printable(name)}`);
  if (entry.dtype !== 'F32') throw new RangeError(`tensor ${printable(name)} is ${entry.dtype}, expected F32`);
  return entry;
}

/** The values, when all are finite and as many as the shape takes. Throws RangeError otherwise. */
export function checkedValues(name: string, {shape}: TensorDescription, values: Float32Array): Float32Array {
  const count = elementCount(shape);
  if (values.length !== count) {
    throw new RangeError(`tensor ${printable(name)} has ${values.length} values, its shape [${shape}] takes ${count}`);
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new RangeError(`tensor ${printable(name)} holds ${values[i]} at ${i}, expected finite numbers`);
  }
  return values;
}

/** Elements of a tensor of that shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
