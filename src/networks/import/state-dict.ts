import {printable} from '../../printable.js';
import {elementCount, type TensorDescription} from '../weights/tensor-file.js';
import {Global, globalText, type PickleMeaning} from './pickle.js';

/** A storage that a pickle refers to: its values lie elsewhere in the file. */
interface StorageReference {
  readonly key: string;
  readonly dtype: string;
  /** Elements. */
  readonly length: number;
}

/** A tensor of a state dict. */
export interface StateTensor extends TensorDescription {
  readonly storage: StorageReference;
  /** Elements before its first, in its storage. */
  readonly offset: number;
  /** Whether its elements lie one after the other, rows first. */
  readonly contiguous: boolean;
}

/** Storage classes of PyTorch, as safetensors names the types. */
const DTYPES: ReadonlyMap<string, string> = new Map([
  ['torch.FloatStorage', 'F32'],
  ['torch.DoubleStorage', 'F64'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
]);

/**
 * What a state dict's pickle may name: ordered dictionaries, tensors, parameters and storages. Everything else is refused,
 * so that reading a file never runs what is in it.
 * Reference: PyTorch, torch/serialization.py and torch/_utils.py.
 */
export const STATE_DICT_MEANING: PickleMeaning = {
  call(name, args) {
    const known = CALLS.get(name);
    if (known) return known(args);
    throw new RangeError(
      `it holds ${printable(name)}, which is not loaded: only tensors are; save a state dict: torch.save(model.state_dict(), FILE)`,
    );
  },
  persistent(id) {
    const [kind, type, key, , length] = Array.isArray(id) ? id : [];
    const dtype = type instanceof Global ? DTYPES.get(type.name) : undefined;
    if (kind !== 'storage' || dtype === undefined || typeof key !== 'string' || !isCount(length)) {
      throw new RangeError(`it refers to ${globalText(type)}, which is no storage that can be read`);
    }
    return {key, dtype, length} satisfies StorageReference;
  },
};

const CALLS: ReadonlyMap<string, (args: readonly unknown[]) => unknown> = new Map([
  ['collections.OrderedDict', orderedDictionary],
  ['torch._utils._rebuild_tensor_v2', tensor],
  ['torch._utils._rebuild_tensor', tensor],
  ['torch._utils._rebuild_parameter', ([data]: readonly unknown[]) => data],
  ['torch.nn.parameter.Parameter', ([data]: readonly unknown[]) => data],
]);

/** Python 2 wrote the items of an ordered dictionary as a list of pairs. */
function orderedDictionary([items]: readonly unknown[]): Map<unknown, unknown> {
  const pairs = Array.isArray(items) ? items : [];
  return new Map(pairs.map((pair) => (Array.isArray(pair) ? [pair[0], pair[1]] : [undefined, undefined])));
}

function tensor([storage, offset, shape, stride]: readonly unknown[]): StateTensor {
  const {dtype, key} = (storage ?? {}) as Partial<StorageReference>;
  if (dtype === undefined || key === undefined || !isCount(offset) || !isCounts(shape) || !isCounts(stride)) {
    throw new RangeError('a tensor of the state dict is damaged');
  }
  return {
    dtype,
    shape,
    storage: storage as StorageReference,
    offset,
    contiguous: isContiguous(shape, stride),
  };
}

/** Strides of sides of 1 mean nothing. */
function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  return shape.every((side, i) => side === 1 || stride[i] === elementCount(shape.slice(i + 1)));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount);
}

/**
 * The tensors of what a pickle held: a dictionary of them, or one under `state_dict`, as checkpoints have it.
 * Throws RangeError when there are none.
 */
export function stateTensors(value: unknown): ReadonlyMap<string, StateTensor> {
  const dictionary = value instanceof Map && value.get('state_dict') instanceof Map ? value.get('state_dict') : value;
  const tensors = new Map<string, StateTensor>();
  if (dictionary instanceof Map) {
    for (const [name, one] of dictionary as Map<unknown, unknown>) {
      if (typeof name === 'string' && typeof one === 'object' && one !== null && 'storage' in one) {
        tensors.set(name, one as StateTensor);
      }
    }
  }
  if (tensors.size > 0) return tensors;
  throw new RangeError('a PyTorch file without a state dict: save one with torch.save(model.state_dict(), FILE)');
}

/** Where a tensor's bytes lie in its storage, once it is known to be float32. Throws RangeError when they cannot lie there. */
export function spanInStorage(
  name: string,
  {storage, offset, shape, contiguous}: StateTensor,
): [start: number, end: number] {
  if (!contiguous) throw new RangeError(`tensor ${printable(name)} does not lie in rows; save it with .contiguous()`);
  const end = offset + elementCount(shape);
  if (end > storage.length) {
    throw new RangeError(`tensor ${printable(name)} ends at ${end}, its storage holds ${storage.length} values`);
  }
  return [4 * offset, 4 * end];
}
