import {printable} from '../printable.js';

/** A table; '' without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (right.includes(i) ? '--:' : '---'));
  return [line(head), line(rule), ...rows.map((row) => line(row.map(escaped)))].join('\n');
}

/** A number to six digits; '' where there is none. */
export function numberText(value: unknown): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : '';
  return String(Number(value.toPrecision(6)));
}

/** Text that Markdown and HTML leave as it is: one line, no markup of its own. */
export function escaped(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
