import {distance} from 'fastest-levenshtein';

const LONGEST = 64;

/**
 * The candidate that a mistyped name most likely means: at most a third of its letters wrong, and in short ones the
 * first letter right (`gpu` is no `cpu`). Two letters that changed places are one mistake. Null when none is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length === 0 || name.length > LONGEST) return null;
  const written = plain(name);
  let best: string | null = null;
  let least = Infinity;
  for (const candidate of candidates) {
    const meant = plain(candidate);
    const wrong = mistakes(written, meant);
    if (wrong < least && wrong <= allowed(written, meant)) {
      best = candidate;
      least = wrong;
    }
  }
  return best;
}

function mistakes(written: string, meant: string): number {
  return isSwapped(written, meant) ? 1 : distance(written, meant);
}

function allowed(written: string, meant: string): number {
  if (meant.length <= 4 && written[0] !== meant[0] && !isSwapped(written, meant)) return 0;
  return Math.max(1, Math.floor(meant.length / 3));
}

/** Whether two neighbouring letters changed places, and nothing else. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  let i = 0;
  while (a[i] === b[i]) i++;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}

/** Names that differ in case, spaces, `-` or `_` only are the same name to a person. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}
