import type {Report} from '../../report.js';
import {element} from './dom.js';
import {countText, NONE} from './number-text.js';
import type {Section} from './page.js';

interface Matrix {
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
  readonly normalised: readonly (readonly (number | null)[])[];
}

/** Classes up to which cells have their share, and their count, written in them. */
const [SHARES_SHOWN, COUNTS_SHOWN] = [30, 8];

/** The confusion matrices of a run; null without one. */
export function confusionSection({summary}: Report): Section | null {
  const tables = Object.entries(summary).flatMap(([id, column]) => (isMatrix(column) ? [matrixTable(id, column)] : []));
  if (tables.length === 0) return null;
  const note = 'Rows are the classes of the target, columns what was predicted; numbers are percentages of the row.';
  return {
    id: 'confusion',
    title: 'Confusion',
    body: element('div', {}, element('p', {class: 'note'}, note), ...tables),
  };
}

function isMatrix(column: object): column is Matrix {
  const {classes, counts, normalised} = column as Partial<Record<keyof Matrix, unknown>>;
  return Array.isArray(classes) && Array.isArray(counts) && Array.isArray(normalised);
}

function matrixTable(id: string, {classes, counts, normalised}: Matrix): HTMLElement {
  const caption = `Confusion matrix of ${id}: target by prediction`;
  const heads = classes.map((name) => element('th', {scope: 'col'}, name));
  const lines = classes.map((name, i) => {
    const cells = classes.map((predicted, j) =>
      cellOf(
        {count: counts[i]?.[j] ?? 0, share: normalised[i]?.[j] ?? null, isRight: i === j, size: classes.length},
        `${name} predicted as ${predicted}`,
      ),
    );
    return element('tr', {}, element('th', {scope: 'row'}, name), ...cells);
  });
  return element(
    'div',
    {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption},
    element(
      'table',
      {class: 'matrix'},
      element('caption', {class: 'unseen'}, caption),
      element('thead', {}, element('tr', {}, element('td', {}, 'target ↓ predicted →'), ...heads)),
      element('tbody', {}, ...lines),
    ),
  );
}

interface MatrixCell {
  readonly count: number;
  /** Of the pixels of the target's class; null where there are none. */
  readonly share: number | null;
  readonly isRight: boolean;
  /** How many classes there are. */
  readonly size: number;
}

function cellOf({count, share, isRight, size}: MatrixCell, what: string): HTMLElement {
  const pixels = Number.isInteger(count) ? countText(count) : String(count);
  const shown = share === null ? NONE : share === 0 ? '·' : (100 * share).toFixed(1);
  const cell = element(
    'td',
    {
      title: `${pixels} pixels of ${what}, ${share === null ? 'no share' : `${(100 * share).toFixed(3)} %`}`,
      class: isRight ? 'right' : 'wrong',
    },
    size <= SHARES_SHOWN ? shown : '',
    size <= COUNTS_SHOWN && element('small', {}, pixels),
  );
  cell.style.setProperty('--share', String(share ?? 0));
  return cell;
}
