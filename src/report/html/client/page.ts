import type {Gallery} from '../../../rows/gallery.js';
import type {PageBlocks} from '../page-data.js';
import type {Filter} from './filter.js';
import type {Rows} from './rows.js';

/** What every part of the page sees. */
export interface Page {
  readonly rows: Rows;
  readonly gallery: Gallery | null;
  /** Types of losses by id, for units and words. */
  readonly types: Readonly<Record<string, string>>;
  /** Whether a column is what its loss is about, and no part of it. */
  isMain(column: string): boolean;
  /** Opens one of some samples; the others are a step away. */
  open(keys: readonly string[], at: number): void;
  /** Shows rows in the table. */
  show(filter: Partial<Filter>): void;
}

/** A part of the page. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: HTMLElement;
}

/** The blocks of data of the page, those of rows in order. They are taken out of the document, which frees their memory. */
export function takeBlocks(): {
  readonly rows: PageBlocks['rows'][];
  readonly one: <Name extends Exclude<keyof PageBlocks, 'rows'>>(name: Name) => PageBlocks[Name] | null;
} {
  const rows: PageBlocks['rows'][] = [];
  const others = new Map<string, unknown>();
  for (const script of document.querySelectorAll<HTMLScriptElement>('script[data-block]')) {
    const name = script.dataset.block ?? '';
    const value: unknown = JSON.parse(script.textContent ?? 'null');
    if (name === 'rows') rows.push(value as PageBlocks['rows']);
    else others.set(name, value);
    script.remove();
  }
  return {rows, one: (name) => (others.get(name) ?? null) as PageBlocks[typeof name] | null};
}

/** Words for a direction. */
export function betterText(better: string): string {
  return better === 'none' ? '' : `${better} is better`;
}

/** The unit of a column, where its loss has one; '' else. */
export function unitOf(page: Pick<Page, 'types'>, column: string): string {
  return page.types[column] === 'psnr' ? 'dB' : '';
}

/** A column's name with its unit. */
export function columnTitle(page: Pick<Page, 'types'>, column: string): string {
  const unit = unitOf(page, column);
  return unit === '' ? column : `${column} (${unit})`;
}

/** The columns to choose of: losses first, then parts that are an objective, then the others. */
export function choosable({rows, isMain}: Pick<Page, 'rows' | 'isMain'>): readonly (readonly [string, string])[] {
  const rank = ({name, better}: {readonly name: string; readonly better: string}) =>
    (better === 'none' ? 2 : 0) + (isMain(name) ? 0 : 1);
  const ordered = [...rows.columns].sort((a, b) => rank(a) - rank(b));
  return ordered.map(({name}) => [name, name] as const);
}
