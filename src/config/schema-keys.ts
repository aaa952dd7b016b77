import * as z from 'zod';
import type {ConfigPath} from './node.js';

/** The keys that the schema has at a path. */
export function keysAt(schema: z.ZodObject, path: ConfigPath): string[] {
  let at: unknown = schema;
  for (const step of path) at = at instanceof z.ZodObject ? unwrap(at.shape[String(step)]) : undefined;
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** The schema inside defaults and the like; of a union, its branch of a map. */
function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  if (inner instanceof z.ZodUnion) return inner.options.map(unwrap).find((branch) => branch instanceof z.ZodObject);
  return inner;
}
