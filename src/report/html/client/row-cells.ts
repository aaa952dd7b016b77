import {button, type Child, element} from './dom.js';
import {alignedText, exactText, NONE} from './number-text.js';
import type {Sort} from './order.js';
import {betterText, columnTitle, type Page} from './page.js';

/** The head of a column of the table of rows. */
interface Head {
  readonly title: string;
  readonly kind: 'key' | 'status' | 'group' | 'size' | 'number' | 'reason';
  /** What a press sorts by; null for nothing. */
  readonly by: Sort['by'] | null;
  readonly hint?: string;
}

/** Makes the cells of the table of rows. */
export class RowCells {
  readonly heads: readonly Head[];
  /** The places of the columns that are shown. */
  private readonly columns: readonly number[];
  private readonly texts: ReadonlyMap<number, (value: number) => string>;
  private readonly hasStatus: boolean;
  private readonly hasGroups: boolean;
  private readonly hasSizes: boolean;

  constructor(
    private readonly page: Page,
    private readonly onOpen: (place: number) => void,
    hasParts: boolean,
  ) {
    const {rows} = page;
    const isMain = (at: number) => page.isMain(rows.columns[at]?.name ?? '');
    const places = [...rows.columns.keys()];
    this.columns = hasParts || !places.some(isMain) ? places : places.filter(isMain);
    this.texts = new Map(this.columns.map((at) => [at, alignedText(rows.values[at] ?? [])]));
    this.hasStatus = rows.reasons.size > 0;
    this.hasGroups = rows.groups.length > 1;
    this.hasSizes = rows.width.some((width) => !Number.isNaN(width));
    this.heads = [
      {title: 'Key', kind: 'key', by: 'key'},
      ...(this.hasStatus ? [{title: 'Status', kind: 'status', by: 'status'} as const] : []),
      ...(this.hasGroups ? [{title: 'Group', kind: 'group', by: 'group'} as const] : []),
      ...this.columns.map((at): Head => {
        const {name = '', better = 'none'} = rows.columns[at] ?? {};
        return {title: columnTitle(page, name), kind: 'number', by: at, hint: betterText(better)};
      }),
      ...(this.hasSizes ? [{title: 'Size', kind: 'size', by: 'size', hint: 'Width × height in pixels'} as const] : []),
      ...(this.hasStatus ? [{title: 'Reason', kind: 'reason', by: null} as const] : []),
    ];
  }

  /** Whether the first press on a head puts the largest first: what is worse is what one looks for. */
  startsDescending(by: Sort['by']): boolean {
    if (typeof by === 'number') return this.page.rows.columns[by]?.better !== 'higher';
    return by === 'status';
  }

  /** A row, by its number and its place in the table. */
  row(row: number, place: number): HTMLElement {
    const {rows} = this.page;
    const status = rows.statusOf(row);
    const key = rows.keys[row] as string;
    const cells: Child[] = [
      element(
        'th',
        {scope: 'row', class: 'key'},
        button({class: 'link', title: key}, () => this.onOpen(place), key),
      ),
      this.hasStatus && element('td', {class: 'status'}, element('span', {class: `badge ${status}`}, status)),
      this.hasGroups && element('td', {class: 'group', title: rows.group(row)}, rows.group(row)),
      ...this.columns.map((column) => this.number(row, column)),
      this.hasSizes && element('td', {class: 'size'}, sizeText(rows.width[row], rows.height[row])),
      this.hasStatus && element('td', {class: 'reason', title: rows.reasons.get(row)}, rows.reasons.get(row)),
    ];
    return element('tr', {'aria-rowindex': place + 2, class: status === 'ok' ? undefined : status}, ...cells);
  }

  private number(row: number, column: number): HTMLElement {
    const {rows} = this.page;
    if (rows.isNotApplicable(row, column)) return element('td', {class: 'number missing'}, 'n/a');
    const value = rows.value(row, column);
    if (Number.isNaN(value)) {
      return element('td', {class: 'number missing', title: rows.reasons.get(row) ?? 'no value'}, NONE);
    }
    const kind = Number.isFinite(value) ? 'number' : 'number infinite';
    return element('td', {class: kind, title: exactText(value)}, this.texts.get(column)?.(value));
  }
}

/** `512 × 384`; a dash where no image was read. */
export function sizeText(width = Number.NaN, height = Number.NaN): string {
  return Number.isNaN(width) || Number.isNaN(height) ? NONE : `${width} × ${height}`;
}
