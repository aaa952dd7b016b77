import * as z from 'zod';
import type {ConfigPath} from './node.js';

/** What becomes of a file path that stands at `path` of the options. */
type Change = (file: string, path: ConfigPath) => string;

/**
 * Options with their file paths changed. A path is a text whose schema says `.meta({path: true})`. Where a union takes
 * names beside paths (`'default'` or a file), what another branch accepts is no path. The schema may be of any copy of
 * zod 4, since plugins bring theirs.
 */
export function mapPaths(schema: unknown, value: unknown, change: Change): unknown {
  return changed({schema: schema as Schema, marked: false}, value, change, []);
}

/** As much of a zod 4 schema as is read here; nothing is asked by `instanceof`. */
interface Schema {
  readonly _zod?: {readonly def: Definition};
  meta?(): unknown;
  safeParse?(value: unknown): {readonly success: boolean};
}

interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly getter?: () => Schema;
  readonly options?: readonly Schema[];
  readonly element?: Schema;
  readonly items?: readonly Schema[];
  readonly rest?: Schema | null;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly valueType?: Schema;
}

/** A schema, and whether one that wraps it is marked (`z.string().optional().meta({path: true})`). */
interface Marked {
  readonly schema: Schema | null | undefined;
  readonly marked: boolean;
}

function changed({schema, marked}: Marked, value: unknown, change: Change, path: ConfigPath): unknown {
  const def = schema?._zod?.def;
  if (!schema || !def) return value;
  const isPath = marked || isMarked(schema);
  if (typeof value === 'string' && def.type === 'string') return isPath && value !== '' ? change(value, path) : value;
  const inner = innerSchema(def, value);
  if (inner) return changed({schema: inner, marked: isPath}, value, change, path);
  if (Array.isArray(value)) {
    return value.map((item, i) =>
      changed({schema: def.element ?? def.items?.[i] ?? def.rest, marked: false}, item, change, [...path, i]),
    );
  }
  return typeof value === 'object' && value !== null ? changedMap(def, value, change, path) : value;
}

function changedMap({shape, valueType}: Definition, value: object, change: Change, path: ConfigPath): unknown {
  const made = Object.entries(value).map(([key, item]) => {
    const schema = shape && Object.hasOwn(shape, key) ? shape[key] : valueType;
    return [key, changed({schema, marked: false}, item, change, [...path, key])];
  });
  return Object.setPrototypeOf(Object.fromEntries(made), Object.getPrototypeOf(value));
}

function isMarked(schema: Schema): boolean {
  const meta = typeof schema.meta === 'function' ? schema.meta() : z.globalRegistry.get(schema as z.ZodType);
  return typeof meta === 'object' && meta !== null && 'path' in meta && meta.path === true;
}

/** The schema that a value is really checked by; undefined where this one does it itself. */
function innerSchema(def: Definition, value: unknown): Schema | undefined {
  if (def.options) return branchOf(def.options, value);
  if (def.getter) return def.getter();
  // What a transform gives is checked after it, what it takes before.
  if (def.in && def.out) return def.in._zod?.def.type === 'transform' ? def.out : def.in;
  return def.innerType;
}

/** The branch of a union that a value falls to: one that takes names before one that takes paths. */
function branchOf(options: readonly Schema[], value: unknown): Schema | undefined {
  const accepting = options.filter((option) => option.safeParse?.(value).success);
  return accepting.find((option) => !isMarked(option)) ?? accepting[0];
}
