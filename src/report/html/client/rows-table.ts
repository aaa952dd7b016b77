import {elementScroll, observeElementOffset, observeElementRect, Virtualizer} from '@tanstack/virtual-core';
import {button, element, on} from './dom.js';
import {type Filter, filterRows} from './filter.js';
import {counted, countText} from './number-text.js';
import {type Sort, sortRows} from './order.js';
import type {Page, Section} from './page.js';
import {RowCells} from './row-cells.js';
import {filterBar} from './row-filter.js';

/** Pixels. */
const ROW_HEIGHT = 34;

/** Rows that are printed; a sheet for each of a hundred thousand would be of no use. */
const PRINTED_ROWS = 60;

/** The table of all rows: sorted by a press on a head, filtered, and only what is seen is in the document. */
export class RowsTable {
  readonly section: Section;
  private cells: RowCells;
  private readonly body = element('tbody');
  private readonly table = element('table', {class: 'rows'});
  private readonly frame: HTMLElement;
  private readonly status = element('p', {class: 'table-status', role: 'status'});
  private readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  private readonly bar;
  private sort: Sort = {by: 'key', descending: false};
  private selected: Uint32Array;
  private order: Uint32Array;

  constructor(
    private readonly page: Page,
    omitted: number,
  ) {
    const {rows} = page;
    this.selected = this.order = Uint32Array.from({length: rows.count}, (_, row) => row);
    this.cells = this.cellsOf(false);
    this.lay();
    this.frame = element(
      'div',
      {class: 'scroll rows-frame', tabindex: 0, role: 'region', 'aria-label': 'Rows'},
      this.table,
    );
    on(this.frame, {keydown: (event: KeyboardEvent) => this.step(event)});
    this.bar = filterBar(rows, (filter) => this.filter(filter));
    const note =
      omitted > 0 &&
      element(
        'p',
        {class: 'note'},
        `${counted(omitted, 'more row')} would be too many for a browser: they are in rows.csv, and in the aggregates.`,
      );
    const above = element('div', {class: 'above'}, this.status, this.partsSwitch());
    this.section = {
      id: 'rows',
      title: 'Rows',
      body: element('div', {}, this.bar.element, note, above, this.frame),
    };
    this.virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      count: this.order.length,
      getScrollElement: () => this.frame,
      estimateSize: () => ROW_HEIGHT,
      overscan: 8,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.render(),
    });
    on(window, {beforeprint: () => this.render(PRINTED_ROWS), afterprint: () => this.render()});
  }

  private cellsOf(hasParts: boolean): RowCells {
    return new RowCells(this.page, (place) => this.open(place), hasParts);
  }

  /** Lays the table out for the columns that are shown. */
  private lay(): void {
    const heads = this.cells.heads.map(({title, kind, by, hint}) => {
      const head = element('th', {scope: 'col', class: kind, title: hint});
      if (by === null) head.append(title);
      else head.append(button({class: 'sort'}, () => this.sortBy(by, head), title));
      if (by === this.sort.by) head.setAttribute('aria-sort', this.sort.descending ? 'descending' : 'ascending');
      return head;
    });
    this.table.replaceChildren(
      element('caption', {class: 'unseen'}, 'Rows'),
      element('colgroup', {}, ...this.cells.heads.map(({kind}) => element('col', {class: kind}))),
      element('thead', {}, element('tr', {'aria-rowindex': 1}, ...heads)),
      this.body,
    );
  }

  /** A switch for the columns of parts; null where there is nothing to choose. */
  private partsSwitch(): HTMLElement | null {
    const {columns} = this.page.rows;
    const parts = columns.filter(({name}) => !this.page.isMain(name)).length;
    if (parts === 0 || parts === columns.length) return null;
    const input = element('input', {type: 'checkbox'});
    const change = () => {
      this.cells = this.cellsOf(input.checked);
      this.lay();
      this.render();
    };
    on(input, {change});
    return element('label', {class: 'field'}, input, element('span', {}, `parts of the losses (${parts})`));
  }

  /** Once the table is in the document. */
  mount(): void {
    this.virtualizer._didMount();
    this.update();
  }

  /** Shows some rows, as if the user had chosen them. */
  show(filter: Partial<Filter>): void {
    this.bar.set(filter);
    document.getElementById('rows')?.scrollIntoView();
  }

  private filter(filter: Filter): void {
    this.selected = filterRows(this.page.rows, filter);
    this.order = sortRows(this.page.rows, this.selected, this.sort);
    this.update();
  }

  private sortBy(by: Sort['by'], head: HTMLElement): void {
    const isSame = this.sort.by === by;
    this.sort = {by, descending: isSame ? !this.sort.descending : by !== 'key' && this.cells.startsDescending(by)};
    for (const other of this.table.querySelectorAll('[aria-sort]')) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', this.sort.descending ? 'descending' : 'ascending');
    this.order = sortRows(this.page.rows, this.selected, this.sort);
    this.update();
  }

  private update(): void {
    const {count} = this.page.rows;
    const shown = this.order.length;
    this.status.textContent =
      shown === count ? counted(count, 'row') : `${countText(shown)} of ${counted(count, 'row')}`;
    this.table.setAttribute('aria-rowcount', String(shown + 1));
    this.frame.scrollTop = 0;
    this.virtualizer.setOptions({...this.virtualizer.options, count: shown});
    this.virtualizer._willUpdate();
    this.render();
  }

  private render(printed?: number): void {
    const items = this.virtualizer.getVirtualItems();
    const total = this.virtualizer.getTotalSize();
    const from = printed === undefined ? (items[0]?.index ?? 0) : 0;
    const to = printed === undefined ? (items.at(-1)?.index ?? -1) + 1 : Math.min(printed, this.order.length);
    const focused = this.focusedPlace();
    const rows = Array.from({length: to - from}, (_, i) => this.cells.row(this.order[from + i] as number, from + i));
    this.body.replaceChildren(
      spacer(from * ROW_HEIGHT),
      ...rows,
      spacer(printed === undefined ? total - to * ROW_HEIGHT : 0),
    );
    if (focused !== null) this.focus(focused);
  }

  /** Arrows go from row to row. */
  private step(event: KeyboardEvent): void {
    const place = this.focusedPlace();
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10}[event.key];
    if (place === null || step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(this.order.length - 1, place + step));
    this.virtualizer.scrollToIndex(next);
    requestAnimationFrame(() => this.focus(next));
  }

  private focusedPlace(): number | null {
    const row = document.activeElement?.closest<HTMLElement>('tr[aria-rowindex]');
    return row && this.body.contains(row) ? Number(row.getAttribute('aria-rowindex')) - 2 : null;
  }

  private focus(place: number): void {
    this.body.querySelector<HTMLElement>(`tr[aria-rowindex="${place + 2}"] button`)?.focus({preventScroll: true});
  }

  /** Opens a row; those around it in the table are its neighbours. */
  private open(place: number): void {
    const start = Math.max(0, place - 500);
    const keys = Array.from(this.order.subarray(start, place + 500), (row) => this.page.rows.keys[row] as string);
    this.page.open(keys, place - start);
  }
}

function spacer(height: number): HTMLElement {
  const row = element('tr', {'aria-hidden': 'true', class: 'spacer'}, element('td'));
  row.style.height = `${height}px`;
  row.hidden = height <= 0;
  return row;
}
