import {type Mistake, type UsageError, usageErrorOf} from '../errors.js';
import type {UsageCode} from '../messages/catalogue.js';
import {printable} from '../printable.js';
import type {ConfigPath, Position} from './node.js';

/** Something wrong with the config; one line of the error. */
export interface Problem {
  readonly code: UsageCode;
  readonly at: Position;
  readonly text: string;
}

const MOST = 10;

/** All problems in one error, a line each as `file:line:column: text`, in the order of the file; ten at most. */
export function problemsError(problems: readonly Problem[]): UsageError {
  const mistakes: Mistake[] = [...problems]
    .sort((a, b) => (a.at.line ?? 0) - (b.at.line ?? 0) || (a.at.column ?? 0) - (b.at.column ?? 0))
    .slice(0, MOST)
    .map(({code, at, text}) => ({code, text: printable(`${showPosition(at)}: ${text}`)}));
  if (problems.length > MOST) mistakes.push({code: null, text: `… and ${problems.length - MOST} more`});
  return usageErrorOf(mistakes);
}

/** `file:line:column`, or the flag. */
export function showPosition({label, line, column}: Position): string {
  return line === undefined ? oneLine(label, 200) : `${oneLine(label, 200)}:${line}:${column}`;
}

/** `losses.0.weight`. */
export function showPath(path: ConfigPath): string {
  return path.map((step) => oneLine(String(step), 60)).join('.');
}

/** A value as messages show it: short, on one line, without control characters. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return `'${oneLine(value, 60)}'`;
  if (Array.isArray(value)) return showList(value);
  if (typeof value === 'object' && value !== null) return 'a map';
  return typeof value === 'function' ? 'a function' : String(value);
}

function showList(list: readonly unknown[]): string {
  if (list.length === 0) return 'an empty list';
  const short = list.length <= 4 && list.every((item) => typeof item !== 'object' || item === null);
  return short ? `[${list.map(showValue).join(', ')}]` : `a list of ${list.length}`;
}

/** `a, b or c`. */
export function showChoices(choices: readonly string[]): string {
  if (choices.length < 2) return choices.join();
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}

/** Cut to a length, control characters and marks that reorder text written as escapes. */
export function oneLine(text: string, most: number): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replaceAll(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
