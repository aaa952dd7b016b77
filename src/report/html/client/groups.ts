import type {Report} from '../../report.js';
import {button, chooser, element} from './dom.js';
import {alignedText, countText, exactText, toNumber} from './number-text.js';
import {choosable, type Page, type Section} from './page.js';
import {smallTable} from './small-table.js';

const STATISTICS = ['value', 'std', 'min', 'median', 'max'] as const;

/** The aggregates of each group for one column; null without groups. */
export function groupsSection(page: Page, {groups}: Report): Section | null {
  const names = Object.keys(groups);
  if (names.length === 0) return null;
  const place = element('div');
  const draw = (column: string) => place.replaceChildren(groupTable(page, groups, column));
  const options = choosable(page).filter(([name]) => names.some((group) => groups[group]?.[name]));
  const {label} = chooser('Loss', options, options[0]?.[0] ?? '', draw);
  draw(options[0]?.[0] ?? '');
  return {id: 'groups', title: 'Groups', body: element('div', {}, element('div', {class: 'filters'}, label), place)};
}

function groupTable(page: Page, groups: Report['groups'], column: string): HTMLElement {
  const entries = Object.entries(groups).flatMap(([group, summary]) => {
    const own = summary[column];
    return own ? [{group, own}] : [];
  });
  const text = alignedText(entries.flatMap(({own}) => [own.value, own.min, own.max].map(toNumber)));
  const values = entries.map(({own}) => toNumber(own.value)).filter((value) => Number.isFinite(value));
  const largest = Math.max(...values.map(Math.abs), 0);
  const rows = entries.map(({group, own}) => [
    {shown: button({class: 'link'}, () => page.show({group}), group === '' ? '(none)' : group), sort: group},
    {shown: meter(toNumber(own.value), largest), sort: toNumber(own.value)},
    ...STATISTICS.map((name) => {
      const value = toNumber(own[name]);
      return {shown: text(value), sort: value, hint: exactText(value)};
    }),
    {shown: countText(own.count), sort: own.count},
    {shown: own.undefined === 0 ? '' : countText(own.undefined), sort: own.undefined},
  ]);
  const number = (title: string) => ({title, kind: 'number'}) as const;
  return smallTable(
    `${column} by group`,
    [
      {title: 'Group', kind: 'text'},
      {title: column, kind: 'text'},
      ...['Value', 'Std', 'Min', 'Median', 'Max', 'n', 'Undefined'].map(number),
    ],
    rows,
    true,
  );
}

/** A bar as long as a value is large. */
function meter(value: number, largest: number): HTMLElement | null {
  if (!Number.isFinite(value) || largest === 0) return null;
  const fill = element('span');
  fill.style.width = `${(100 * Math.abs(value)) / largest}%`;
  return element('span', {class: 'meter', 'aria-hidden': 'true'}, fill);
}
