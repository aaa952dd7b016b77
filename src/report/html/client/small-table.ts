import {button, type Child, element} from './dom.js';

/** A column of a table that has no more rows than fit. */
export interface SmallColumn {
  readonly title: string;
  /** Numbers are aligned to the right. */
  readonly kind: 'text' | 'number';
  readonly hint?: string | undefined;
}

/** A cell: what is shown, and what it is sorted by. */
export type SmallCell =
  | Child
  | {readonly shown: Child; readonly sort: number | string; readonly hint?: string | undefined};

/** A table with a caption; its first column heads the rows. With `sortable`, a press on a head sorts it. */
export function smallTable(
  caption: string,
  columns: readonly SmallColumn[],
  rows: readonly (readonly SmallCell[])[],
  sortable = false,
): HTMLElement {
  const body = element('tbody', {}, ...rows.map((row) => rowElement(columns, row)));
  const heads = columns.map(({title, kind, hint}, at) => {
    const head = element('th', {scope: 'col', class: kind, title: hint}, sortable ? null : title);
    if (sortable) head.append(button({class: 'sort'}, () => sortBy(at), title));
    return head;
  });
  const sortBy = (at: number) => {
    const descending = heads[at]?.getAttribute('aria-sort') === 'ascending';
    for (const head of heads) head.removeAttribute('aria-sort');
    heads[at]?.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    const order = [...rows.keys()].sort(
      (a, b) => compare(rows[a]?.[at], rows[b]?.[at]) * (descending ? -1 : 1) || a - b,
    );
    body.replaceChildren(...order.map((row) => rowElement(columns, rows[row] ?? [])));
  };
  const table = element(
    'table',
    {},
    element('caption', {class: 'unseen'}, caption),
    element('thead', {}, element('tr', {}, ...heads)),
    body,
  );
  // A region that scrolls is reached by keyboard.
  return element('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption}, table);
}

function rowElement(columns: readonly SmallColumn[], row: readonly SmallCell[]): HTMLElement {
  const cells = row.map((cell, at) => {
    const attributes = {class: columns[at]?.kind, title: isSortable(cell) ? cell.hint : undefined};
    const shown = isSortable(cell) ? cell.shown : cell;
    return at === 0 ? element('th', {scope: 'row', ...attributes}, shown) : element('td', attributes, shown);
  });
  return element('tr', {}, ...cells);
}

function compare(a: SmallCell, b: SmallCell): number {
  const [one, other] = [sortValue(a), sortValue(b)];
  if (typeof one === 'number' && typeof other === 'number') {
    if (Number.isNaN(one) || Number.isNaN(other)) return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    return one < other ? -1 : one > other ? 1 : 0;
  }
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}

function sortValue(cell: SmallCell): number | string {
  if (isSortable(cell)) return cell.sort;
  return cell instanceof Node ? (cell.textContent ?? '') : cell ? cell : '';
}

function isSortable(cell: SmallCell): cell is Exclude<SmallCell, Child> {
  return typeof cell === 'object' && cell !== null && !(cell instanceof Node);
}
