import type {Report} from '../../report.js';
import {button, element} from './dom.js';
import type {Filter} from './filter.js';
import {counted, countText} from './number-text.js';
import type {Page, Section} from './page.js';

/** Rows that are listed of each kind; the table has all. */
const LISTED = 8;

/** Failed, undefined and infinite rows, so that nobody overlooks them; null where all is well. */
export function troubleSection(page: Page, report: Report): Section | null {
  const blocks = [failedBlock(page, report), undefinedBlock(page, report), infiniteBlock(page, report)].filter(
    (block) => block !== null,
  );
  if (blocks.length === 0) return null;
  return {id: 'attention', title: 'Needs a look', body: element('div', {class: 'columns'}, ...blocks)};
}

function failedBlock(page: Page, {failures, failure_count}: Report): HTMLElement | null {
  if (failure_count === 0) return null;
  const items = failures.map(({key, code, message}) => [key, `${code}: ${message}`] as const);
  return block(page, `${counted(failure_count, 'row')} failed`, 'bad', items, failure_count, {status: 'failed'});
}

function undefinedBlock(page: Page, {counts}: Report): HTMLElement | null {
  if (counts.undefined === 0) return null;
  const {rows} = page;
  const items = [...rows.reasons].filter(([row]) => rows.statusOf(row) === 'undefined');
  const listed = items.map(([row, reason]) => [rows.keys[row] as string, reason] as const);
  const title = `${counted(counts.undefined, 'row')} with undefined values`;
  return block(page, title, 'warn', listed, counts.undefined, {status: 'undefined'});
}

function infiniteBlock(page: Page, {columns, summary}: Report): HTMLElement | null {
  const infinite = columns.filter(({name}) => (summary[name]?.infinite ?? 0) > 0);
  if (infinite.length === 0) return null;
  const {rows} = page;
  const items = infinite.flatMap(({name}) => {
    const values = rows.valuesOf(name);
    const keys = rows.keys.filter(
      (_, row) => values[row] === Number.POSITIVE_INFINITY || values[row] === Number.NEGATIVE_INFINITY,
    );
    return keys.map((key) => [key, `${name} is infinite`] as const);
  });
  const count = infinite.reduce((sum, {name}) => sum + (summary[name]?.infinite ?? 0), 0);
  return block(page, `${counted(count, 'infinite value')}, left out of the means`, 'warn', items, count, {
    status: 'infinite',
  });
}

function block(
  page: Page,
  title: string,
  kind: string,
  items: readonly (readonly [string, string])[],
  count: number,
  filter: Partial<Filter>,
): HTMLElement {
  const keys = items.map(([key]) => key);
  const listed = items.slice(0, LISTED).map(([key, text], at) =>
    element(
      'li',
      {},
      button({class: 'link', title: key}, () => page.open(keys, at), key),
      element('span', {}, text),
    ),
  );
  const more = count > LISTED ? `Show all ${countText(count)} in the table` : 'Show in the table';
  return element(
    'div',
    {class: `panel trouble ${kind}`},
    element('h3', {}, title),
    element('ul', {}, ...listed),
    button({class: 'plain'}, () => page.show(filter), more),
  );
}
