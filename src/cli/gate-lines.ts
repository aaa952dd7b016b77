import {printable} from '../printable.js';
import {colours} from './colours.js';
import {numberText} from './number-text.js';

/** A verdict as reports hold it. */
interface Verdict {
  readonly name: string;
  readonly level: 'error' | 'warn';
  readonly expected: string;
  readonly actual: number | string | null;
  readonly verdict: 'pass' | 'fail';
  readonly reason: string;
}

/** A line for each gate that failed, or one that says that all passed; none without gates. Of a series, each names its `set`. */
export function gateLines(gates: readonly Verdict[], set?: string): string[] {
  if (gates.length === 0) return [];
  const failed = gates.filter(({verdict}) => verdict === 'fail');
  const of = set === undefined ? '' : `${printable(set)}: `;
  if (failed.length === 0) {
    return [`${of}${colours.green(`${gates.length} ${gates.length === 1 ? 'gate' : 'gates'} passed`)}`];
  }
  return failed.map(({name, level, expected, actual, reason}) => {
    const mark = level === 'error' ? colours.red('failed') : colours.yellow('warning');
    const found = [actual === null ? '' : `got ${numberText(actual)}`, reason].filter((part) => part !== '').join('; ');
    return `${of}gate ${mark}: ${printable(name)}: expected ${expected}; ${printable(found)}`;
  });
}
