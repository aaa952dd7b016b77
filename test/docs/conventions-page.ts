import {readFileSync} from 'node:fs';
import type {Cell} from '../../src/rows/row.js';

/** The tables under a heading of docs/conventions.md, their cells without backticks. */
export interface ConventionsTables {
  readonly rows: readonly (readonly string[])[];
  /** Rows of the tables that say how a value is reproduced. */
  readonly reproduced: readonly (readonly string[])[];
  /** Rows of those that say what is not: value, call, nearest, why. */
  readonly others: readonly (readonly string[])[];
}

const page = readFileSync(new URL('../../docs/conventions.md', import.meta.url), 'utf8');

/** The tables under `## heading`; a row of more than four cells says how a value is reproduced. */
export function conventionsTables(heading: string): ConventionsTables {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| value ') && !line.startsWith('| --- '))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|')),
    );
  return {
    rows,
    reproduced: rows.filter((cells) => cells.length > 4),
    others: rows.filter((cells) => cells.length === 4),
  };
}

/** A loss's cells, by part. */
export type Cells = Readonly<Record<string, Cell>>;

/** `x`, `x.part`, `x - 1`, `x / 0.1`, `x.tp + x.fp` or `sqrt(x)` of a loss's cells; NaN where one is no number. */
export function evaluate(expression: string, cells: Cells): number {
  if (expression === 'sqrt(x)') return Math.sqrt(evaluate('x', cells));
  const [first = '', operator, second = ''] = expression.split(' ');
  const operand = (text: string): number => {
    const part = /^x(?:\.(\w+))?$/.exec(text);
    if (!part) return Number(text);
    const cell = cells[part[1] ?? ''];
    return typeof cell === 'number' ? cell : Number.NaN;
  };
  switch (operator) {
    case undefined:
      return operand(first);
    case '+':
      return operand(first) + operand(second);
    case '-':
      return operand(first) - operand(second);
    case '/':
      return operand(first) / operand(second);
    default:
      throw new Error(`'${expression}' is no expression of x`);
  }
}

/** How far apart two numbers are by the second; 0 where both are the same, also where both are 0. */
export function relativeDifference(ours: number, theirs: number): number {
  return ours === theirs ? 0 : Math.abs(ours / theirs - 1);
}
