import type * as z from 'zod';
import {nearest} from '../nearest.js';
import {type ConfigNode, type ConfigPath, keyPositionOf, nodeAt, positionOf, toValue} from './node.js';
import {oneLine, type Problem, showChoices, showPath, showValue} from './problem.js';

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

/** The error map for `safeParse`: what was expected. A schema's own message takes its place. */
export function expectation(issue: RawIssue): string {
  return `expected ${showChoices(alternatives(issue))}`;
}

function alternatives(issue: RawIssue): string[] {
  switch (issue.code) {
    case 'invalid_type':
      return [TYPES.get(issue.expected) ?? `${issue.expected}`];
    case 'invalid_value':
      return issue.values.map(String);
    case 'too_small':
      return [bound(issue.origin, issue.inclusive === false ? 'above' : 'of at least', issue.minimum)];
    case 'too_big':
      return [bound(issue.origin, issue.inclusive === false ? 'below' : 'of at most', issue.maximum)];
    case 'not_multiple_of':
      return [`a multiple of ${issue.divisor}`];
    case 'invalid_format':
      return [`text that matches ${issue.pattern ?? issue.format}`];
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap((branch) => branch.filter(isOwn).flatMap(fragments)))];
    default:
      return ['another value'];
  }
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a finite number'],
  ['int', 'an integer'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['object', 'a map'],
  ['record', 'a map'],
  ['null', 'null'],
]);

function bound(origin: string, comparison: string, limit: number | bigint): string {
  if (origin === 'array') return limit === 1 ? 'a list that is not empty' : `a list ${comparison} ${limit}`;
  if (origin === 'string') return limit === 1 ? 'text that is not empty' : `text ${comparison} ${limit} characters`;
  return `${origin === 'int' ? 'an integer' : 'a number'} ${comparison} ${limit}`;
}

function isOwn(issue: Issue): boolean {
  return issue.path.length === 0;
}

function fragments(issue: Issue): string[] {
  return issue.code === 'invalid_value' ? issue.values.map(String) : [issue.message.replace(/^expected /, '')];
}

/** Turns what zod found below `path` into problems, one line each. `keys` are the names that exist at a path. */
export function toProblems(
  issues: readonly Issue[],
  path: ConfigPath,
  root: ConfigNode,
  keys: (path: ConfigPath) => Iterable<string>,
): Problem[] {
  return issues.flatMap((issue) => {
    const full = [...path, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(key, full, root, keys(full)));
    }
    if (issue.code === 'invalid_key') return [wrongKey(issue, full, root)];
    if (issue.code === 'invalid_union') {
      const meant = issue.errors.filter((branch) => branch.length > 0 && !branch.some(isOfAnotherKind));
      if (meant.length === 1) return toProblems(meant[0] as Issue[], full, root, keys);
    }
    return [wrongValue(issue, full, root)];
  });
}

/** Whether a branch of a union was not meant at all: the value is of another type, or not its constant. */
function isOfAnotherKind(issue: Issue): boolean {
  return isOwn(issue) && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

/** A key that the schema does not have. */
export function unknownKey(key: string, parent: ConfigPath, root: ConfigNode, known: Iterable<string>): Problem {
  const names = [...known];
  const where = parent.length === 0 ? '' : ` in ${showPath(parent)}`;
  const expected = names.length === 0 ? '' : `, expected ${showChoices(names)}`;
  return {
    code: 'CVL-C004',
    at: keyPositionOf(root, [...parent, key]),
    text: `unknown key ${showValue(key)}${where}${expected}${didYouMean(key, names)}`,
  };
}

/** A key that is none of an open map's. */
function wrongKey(issue: Extract<Issue, {code: 'invalid_key'}>, path: ConfigPath, root: ConfigNode): Problem {
  const where = showPath(path.slice(0, -1));
  const expected = issue.issues.map(({message}) => message.replace(/^expected /, '')).join(', ');
  return {
    code: 'CVL-C005',
    at: keyPositionOf(root, path),
    text: `${where}: expected ${expected}, got ${showValue(path.at(-1))}`,
  };
}

function wrongValue(issue: Issue, path: ConfigPath, root: ConfigNode): Problem {
  const at = positionOf(root, path);
  const node = nodeAt(root, path);
  const name = showPath(path);
  const subject = at.names === name || name === '' ? '' : `${name}: `;
  if (!node) return {code: 'CVL-C006', at, text: `missing '${name}', ${issue.message}`};
  const got = toValue(node);
  const shown = got !== null && typeof got === 'object' && issue.code === 'custom' && !Array.isArray(got);
  const came = shown || !issue.message.startsWith('expected') ? '' : `, got ${showValue(got)}`;
  const hint = typeof got === 'string' ? didYouMean(got, constants(issue)) : got === null ? orNothing(path) : '';
  return {code: 'CVL-C005', at, text: `${subject}${oneLine(issue.message, 500)}${came}${hint}`};
}

/** What to do with a null, which a key of a file has that nothing is written behind. The keys of the top all have a default. */
function orNothing(path: ConfigPath): string {
  return path.length === 1 || path[0] === 'image' || path[0] === 'report' ? '; or leave the key out' : '';
}

/** The names that would have been right. */
function constants(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.filter((value) => typeof value === 'string');
  if (issue.code === 'invalid_union') return issue.errors.flatMap((branch) => branch.filter(isOwn).flatMap(constants));
  return [];
}

/** `; did you mean 'ssim'?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearest(name, candidates);
  return near === null ? '' : `; did you mean '${near}'?`;
}
