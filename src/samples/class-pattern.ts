import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {type KeyOf, keyPattern} from './keys.js';

/** A class of the run, as file names may call it. */
export interface FileClass {
  readonly id: number;
  readonly name: string;
}

/** The keys of one class's files. */
export interface ClassKeyOf {
  readonly name: string;
  readonly keyOf: KeyOf;
}

const PLACEHOLDER = '{class}';

/** Whether a pattern is for a file per class. */
export function namesClasses(pattern: string): boolean {
  return pattern.includes(PLACEHOLDER);
}

/**
 * A pattern such as `{key}_{class}.png`, as one pattern a class, in their order. `{class}` is the name or the id of a
 * class; where a file name fits several, the longest one is meant (`bus_stop` before `stop`).
 * @throws UsageError without classes, for a role other than `pred`, and as `keyPattern`
 */
export function classPatterns(pattern: string, role: string, classes: readonly FileClass[] | null): ClassKeyOf[] {
  if (role !== 'pred')
    throw new UsageError('CVL-S006', `match.${printable(role)}: ${PLACEHOLDER} is for the role pred only`);
  if (!classes) {
    throw new UsageError(
      'CVL-S006',
      `match.${role}: ${PLACEHOLDER} needs the classes of the run; set classes or palette`,
    );
  }
  const texts = classes.flatMap(({id, name}, index) =>
    [...new Set([name, String(id)])].map((text) => ({
      index,
      length: text.length,
      keyOf: keyPattern(
        pattern.replaceAll(PLACEHOLDER, () => text),
        role,
      ),
    })),
  );
  texts.sort((a, b) => b.length - a.length);
  return classes.map(({name}, index) => ({
    name,
    keyOf(relative) {
      for (const text of texts) {
        const key = text.keyOf(relative);
        if (key !== undefined) return text.index === index ? key : undefined;
      }
      return undefined;
    },
  }));
}
