import {isAbsolute, relative, resolve, sep} from 'node:path';

/** An absolute path or glob as seen from a folder (the working directory by default), with `/`; another text stays as it is. */
export function relativePath(folder: string | undefined, path: string): string {
  return isAbsolute(path) ? (relative(resolve(folder ?? '.'), path) || '.').split(sep).join('/') : path;
}

/** The same of every path in a map. */
export function relativeTo<Value extends string | null>(
  folder: string | undefined,
  paths: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const seen = (path: Value) => (path === null ? path : (relativePath(folder, path) as Value));
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, seen(path)]));
}
