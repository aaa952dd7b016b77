import {isAbsolute, relative, resolve, sep} from 'node:path';

/** Absolute paths and globs of a map as seen from a folder (the working directory by default), with `/`; what is no absolute path stays as it is. */
export function relativeTo<Value extends string | null>(
  folder: string | undefined,
  paths: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const from = resolve(folder ?? '.');
  const seen = (path: Value) =>
    path !== null && isAbsolute(path) ? ((relative(from, path) || '.').split(sep).join('/') as Value) : path;
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, seen(path)]));
}
