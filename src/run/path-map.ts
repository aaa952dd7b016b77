/** Folders of the sample table, and where they lie on this machine: absolute, the longest that fits counts. */
export type PathMap = readonly (readonly [from: string, to: string])[];

/** A path of the sample table as this machine has it. */
export function mappedPath(path: string, map: PathMap = []): string {
  let best: readonly [string, string] | null = null;
  for (const pair of map) {
    const [from] = pair;
    if (isIn(path, from) && (best === null || from.length > best[0].length)) best = pair;
  }
  if (best === null) return path;
  const rest = path.slice(best[0].length);
  return best[1].endsWith('/') && rest.startsWith('/') ? best[1] + rest.slice(1) : best[1] + rest;
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
