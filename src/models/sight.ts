import {leastInWindows, type Mask, type Windows} from '../kernels/mask-windows.js';

/** What one side of a window operation does. */
export interface SideWindows {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before and after; `same-upper` and `same-lower` pad so that ⌈side / stride⌉ windows fit. */
  readonly padding: readonly [before: number, after: number] | 'same-upper' | 'same-lower';
  /** Whether the last window may hang over the edge. */
  readonly ceil: boolean;
}

/** What a position of an operation's output sees of its inputs, `[n, c, h, w]`. */
export type SightOperation =
  /** The same position of every input. */
  | {readonly type: 'position'}
  /** The positions of a window. */
  | {readonly type: 'windows'; readonly rows: SideWindows; readonly columns: SideWindows}
  /** Every position, be it as one value (`global`) or as a map of the input's size. */
  | {readonly type: 'everything'; readonly global: boolean}
  /** Nobody knows. */
  | {readonly type: 'unknown'};

/** A step of a model, as far as it matters what its output sees. */
export interface SightStep {
  readonly output: string;
  /** Names of earlier steps' outputs, or of the model's input; constants are left out. */
  readonly inputs: readonly string[];
  readonly operation: SightOperation;
  /** Where the channels of its output are: first, last, or where those of its first input are; null: nobody knows. */
  readonly channels: 'first' | 'last' | 'kept' | null;
  /** As messages name it. */
  readonly operator: string;
}

/** The steps of a model, in an order in which each comes after its inputs. */
export interface Sight {
  readonly input: string;
  readonly steps: readonly SightStep[];
}

/** What a layer sees cannot be told; the message says which operator is in the way. */
export class UnknownSight extends Error {}

/**
 * 1 at each position of a layer that sees no 0 of a mask of the model's input; padding counts as 1. The mask goes through
 * the model as an image would, with the least of what a position sees in place of its operation. Throws UnknownSight.
 */
export function seenOnly({input, steps}: Sight, layer: string, mask: Mask): Mask {
  const byOutput = new Map(steps.map((step) => [step.output, step]));
  const masks = new Map([[input, mask]]);
  const maskOf = (name: string): Mask => {
    const known = masks.get(name);
    if (known) return known;
    const step = byOutput.get(name);
    if (!step) throw new UnknownSight(`'${name}' comes from no known step`);
    const made = apply(step, step.inputs.map(maskOf));
    masks.set(name, made);
    return made;
  };
  return maskOf(layer);
}

function apply({operation, operator}: SightStep, inputs: readonly Mask[]): Mask {
  if (operation.type === 'unknown') throw new UnknownSight(`${operator} may look anywhere`);
  const mask = inputs.reduce((a, b) => both(a, b, operator));
  if (operation.type === 'position') return mask;
  if (operation.type === 'windows') {
    return leastInWindows(mask, along(operation.rows, mask.height), along(operation.columns, mask.width));
  }
  const least = mask.data.includes(0) ? 0 : 1;
  const [height, width] = operation.global ? [1, 1] : [mask.height, mask.width];
  return {data: new Uint8Array(height * width).fill(least), height, width};
}

/** The layout of a value, where the channels of the model's input are known; null where an operator may have moved them. */
export function layoutOf({input, steps}: Sight, value: string, inputLayout: Layout): Layout | null {
  const byOutput = new Map(steps.map((step) => [step.output, step]));
  let name = value;
  while (name !== input) {
    const step = byOutput.get(name);
    if (!step || step.channels === null) return null;
    if (step.channels !== 'kept') return step.channels === 'first' ? 'nchw' : 'nhwc';
    name = step.inputs[0] as string;
  }
  return inputLayout;
}

type Layout = 'nchw' | 'nhwc';

/** 1 where both are; a mask of one position counts for all. */
function both(a: Mask, b: Mask, operator: string): Mask {
  if (b.data.length === 1 && a.data.length > 1) return both(b, a, operator);
  if (a.data.length === 1) return a.data[0] === 1 ? b : {...b, data: new Uint8Array(b.data.length)};
  if (a.height !== b.height || a.width !== b.width) throw new UnknownSight(`${operator} joins maps of several sizes`);
  return {...a, data: a.data.map((value, i) => value & (b.data[i] as number))};
}

function along({kernel, stride, dilation, padding, ceil}: SideWindows, side: number): Windows {
  const reach = dilation * (kernel - 1) + 1;
  if (typeof padding === 'string') {
    const count = Math.ceil(side / stride);
    const total = Math.max(0, (count - 1) * stride + reach - side);
    const before = padding === 'same-upper' ? Math.floor(total / 2) : Math.ceil(total / 2);
    return {count, kernel, stride, dilation, padding: before};
  }
  const steps = (side + padding[0] + padding[1] - reach) / stride;
  const count = Math.max(0, (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1);
  return {count, kernel, stride, dilation, padding: padding[0]};
}
