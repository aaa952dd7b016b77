import type {ReportComparison} from '../compare.js';
import {printable} from '../printable.js';
import {colours} from './colours.js';
import {gateLines} from './gate-lines.js';
import {numberText} from './number-text.js';
import {plainTable} from './table.js';

/** Keys named in a list. */
const KEYS_SHOWN = 10;

const COLOUR_OF = {better: colours.green, worse: colours.red, same: colours.dim, inconclusive: colours.yellow} as const;

/** What `compare` prints: the changes, and the gates. */
export function comparisonText(comparison: ReportComparison): string {
  return [changesText(comparison), gateLines(comparison.gates).join('\n')].filter((block) => block !== '').join('\n\n');
}

/** What is not the same in both runs, the columns with their verdicts, the pairs that worsened most. */
export function changesText(comparison: ReportComparison): string {
  const {common, added, removed, changed, differences, addedColumns, removedColumns} = comparison;
  const blocks = [
    `${common} ${common === 1 ? 'pair' : 'pairs'} in both${countText(added, 'added')}${countText(removed, 'removed')}`,
    [
      ...differences.map((line) => `differs: ${printable(line)}`),
      ...listLine('added', added),
      ...listLine('removed', removed),
      ...listLine('scored against other data', changed ?? []),
      ...listLine('new columns', addedColumns),
      ...listLine('columns gone', removedColumns),
      ...(changed === null ? ['the bytes of targets were not compared: rows.jsonl (report.formats) holds hashes'] : []),
    ].join('\n'),
    columnTable(comparison),
    worsenedTable(comparison),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function countText(keys: readonly string[], what: string): string {
  return keys.length === 0 ? '' : `, ${keys.length} ${what}`;
}

function listLine(what: string, keys: readonly string[]): string[] {
  if (keys.length === 0) return [];
  const more = keys.length - KEYS_SHOWN;
  return [`${what}: ${keys.slice(0, KEYS_SHOWN).map(printable).join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
}

const HEAD = ['loss', 'better', 'baseline', 'now', 'change', '95 % of the change', 'p worse', 'n', 'verdict'];

function columnTable({columns}: ReportComparison): string {
  if (columns.length === 0) return '';
  const rows = columns.map((column) => [
    column.name,
    column.better,
    numberText(column.baseline),
    numberText(column.candidate),
    signed(column.difference),
    column.ci95 ? `${signed(column.ci95[0])} … ${signed(column.ci95[1])}` : '–',
    numberText(Number(column.pWorseAdjusted.toPrecision(2))),
    String(column.pairs),
    COLOUR_OF[column.verdict](column.verdict),
  ]);
  return plainTable(HEAD, rows, [2, 3, 4, 5, 6, 7]);
}

function signed(value: number | null): string {
  const text = numberText(value);
  return value !== null && value > 0 ? `+${text}` : text;
}

function worsenedTable({columns}: ReportComparison): string {
  const rows = columns
    .filter(({mostWorsened, verdict}) => mostWorsened.length > 0 && verdict !== 'better')
    .map(({name, mostWorsened}) => [
      name,
      ...mostWorsened
        .slice(0, 5)
        .map(
          ({key, baseline, candidate}) =>
            `${printable(key)} ${colours.dim(`${numberText(baseline)} → ${numberText(candidate)}`)}`,
        ),
    ]);
  if (rows.length === 0) return '';
  const widest = Math.max(...rows.map((row) => row.length));
  const head = ['worsened', ...Array.from({length: widest - 1}, (_, i) => String(i + 1))];
  return plainTable(
    head,
    rows.map((row) => [...row, ...Array(widest - row.length).fill('')]),
  );
}
