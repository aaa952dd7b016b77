import {UsageError} from '../errors.js';
import type {ImageInput, ModelSpec} from './model.js';
import type {DeclaredValue} from './runtime.js';

/** The smallest and largest whole number of each integer type; null for floats. */
const ELEMENTS: Readonly<Record<string, readonly [number, number] | null>> = {
  float16: null,
  float32: null,
  float64: null,
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** The places of the sides in a shape. */
const AXES = {nchw: {channels: 1, height: 2, width: 3}, nhwc: {height: 1, width: 2, channels: 3}} as const;

/** The limits of an integer type; null for a float. */
export function limitsOf(element: string): readonly [number, number] | null {
  return ELEMENTS[element] ?? null;
}

/**
 * How a model takes images, from what it declares and what the config says.
 * Throws UsageError, a line, where it takes no single image, or where the two contradict each other.
 */
export function imageInput(
  name: string,
  inputs: readonly DeclaredValue[],
  spec: ModelSpec,
  usualLayout: ImageInput['layout'],
): ImageInput {
  const input = onlyInput(name, inputs);
  const {element, shape} = input;
  const fail = (text: string) => new UsageError('CVL-M006', `model ${name}: its input '${input.name}' ${text}`);
  if (!Object.hasOwn(ELEMENTS, element)) throw fail(`takes ${element}, expected numbers`);
  if (shape !== null && shape.length !== 4) {
    throw fail(`has the shape ${shown(shape)}, expected the four axes of images, [n, c, h, w] or [n, h, w, c]`);
  }
  const layout = layoutOf(shape, spec, usualLayout, fail);
  const side = (axis: keyof (typeof AXES)['nchw']) => shape?.[AXES[layout][axis]] ?? null;
  const {channels, color} = channelsOf(side('channels'), layout, input, spec, fail);
  const size = sizeOf([side('height'), side('width')], spec.size, fail);
  return {
    ...{color, channels, layout, size, batch: shape?.[0] ?? null, element},
    ...scaling(name, spec, channels, element),
  };
}

type Fail = (text: string) => UsageError;

function onlyInput(name: string, inputs: readonly DeclaredValue[]): DeclaredValue {
  const [input] = inputs;
  if (input !== undefined && inputs.length === 1) return input;
  const got = input === undefined ? 'no input' : `${inputs.length} inputs (${listed(inputs)})`;
  throw new UsageError('CVL-M006', `model ${name} has ${got}; expected one, which takes an image`);
}

function channelsOf(
  declared: number | null,
  layout: ImageInput['layout'],
  {shape}: DeclaredValue,
  spec: ModelSpec,
  fail: Fail,
): Pick<ImageInput, 'channels' | 'color'> {
  const channels = declared ?? (spec.color === 'grey' ? 1 : 3);
  if (channels !== 1 && channels !== 3) {
    throw fail(`has ${channels} channels as ${layout.toUpperCase()} (shape ${shown(shape)}), expected 1 or 3`);
  }
  const color = spec.color ?? (channels === 1 ? 'grey' : 'rgb');
  if ((color === 'grey') === (channels === 1)) return {channels, color};
  throw fail(`takes ${channels} channels, and color: ${color} gives ${color === 'grey' ? 1 : 3}`);
}

/** The axis of 1 or 3 is that of the channels. */
function layoutOf(
  shape: DeclaredValue['shape'],
  {layout}: ModelSpec,
  usual: ImageInput['layout'],
  fail: Fail,
): ImageInput['layout'] {
  if (layout !== null) return layout;
  const mayBe = (axis: number) => [null, 1, 3].includes(shape?.[axis] ?? null);
  const says = (axis: number) => mayBe(axis) && (shape?.[axis] ?? null) !== null;
  const [first, last] = [AXES.nchw.channels, AXES.nhwc.channels];
  if (says(first) && says(last)) {
    throw fail(`has the shape ${shown(shape)}, of which channels may be first or last; say layout: nchw or nhwc`);
  }
  if (says(first)) return 'nchw';
  if (says(last)) return 'nhwc';
  return usual;
}

function sizeOf(
  [height, width]: readonly [number | null, number | null],
  asked: ModelSpec['size'],
  fail: Fail,
): ImageInput['size'] {
  if (asked === null) {
    if (height !== null && width !== null) return [height, width];
    if (height === null && width === null) return null;
    throw fail(`takes images of ${height ?? 'any height'} x ${width ?? 'any width'}; say size: [height, width]`);
  }
  if ((height ?? asked[0]) === asked[0] && (width ?? asked[1]) === asked[1]) return asked;
  const takes = `[${height ?? 'any'}, ${width ?? 'any'}]`;
  throw fail(`takes images of ${takes} (height, width), and size says [${asked.join(', ')}]`);
}

function scaling(
  name: string,
  spec: ModelSpec,
  channels: number,
  element: string,
): Pick<ImageInput, 'range' | 'mean' | 'std'> {
  const limits = limitsOf(element);
  const range = spec.range ?? (limits ? ([0, 255] as const) : ([0, 1] as const));
  const perChannel = (key: 'mean' | 'std', value: ModelSpec['mean'], usual: number) => {
    const list = Array.isArray(value)
      ? (value as readonly number[])
      : new Array<number>(channels).fill(Number(value ?? usual));
    if (list.length === channels) return list;
    throw new UsageError('CVL-M006', `model ${name} takes ${channels} channels, and ${key} has ${list.length} numbers`);
  };
  const [mean, std] = [perChannel('mean', spec.mean, 0), perChannel('std', spec.std, 1)];
  if (std.some((value) => value === 0))
    throw new UsageError('CVL-M006', `model ${name}: std is 0, and pixels are divided by it`);
  if (limits === null) return {range, mean, std};
  const ends = range.flatMap((end) => mean.map((shift, channel) => (end - shift) / (std[channel] as number)));
  const outside = ends.find((value) => value < limits[0] - 0.5 || value > limits[1] + 0.5);
  if (outside === undefined) return {range, mean, std};
  throw new UsageError(
    'CVL-M006',
    `model ${name} takes ${element}, ${limits.join(' to ')}, and range, mean and std make ${outside} of a pixel`,
  );
}

/** `[n, 3, any, any]`. */
function shown(shape: DeclaredValue['shape']): string {
  return `[${(shape ?? []).map((side) => side ?? 'any').join(', ')}]`;
}

/** Names of values, ten at most. */
export function listed(values: readonly {readonly name: string}[]): string {
  const names = values.slice(0, 10).map(({name}) => name);
  return values.length > names.length ? `${names.join(', ')}, …` : names.join(', ');
}
