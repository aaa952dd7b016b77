import {button, chooser, element, on} from './dom.js';
import type {Filter} from './filter.js';
import type {Rows} from './rows.js';

/** The controls above the table. */
export interface FilterBar {
  readonly element: HTMLElement;
  /** What was chosen; a change is told as if the user had made it. */
  set(filter: Partial<Filter>): void;
}

const NO_FILTER: Filter = {text: '', status: '', group: null};

/** A field for words and conditions, a choice of rows in trouble, and one of a group. */
export function filterBar(rows: Rows, onFilter: (filter: Filter) => void): FilterBar {
  let filter = NO_FILTER;
  const changed = (part: Partial<Filter>) => {
    filter = {...filter, ...part};
    clear.hidden = filter.text === '' && filter.status === '' && filter.group === null;
    onFilter(filter);
  };
  const name = rows.columns.find(({better}) => better !== 'none')?.name;
  const example = name?.includes(' ') ? `"${name}"` : name;
  const text = element('input', {
    type: 'search',
    placeholder: example === undefined ? 'key or reason' : `key, reason, or a condition: ${example}<0.5`,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  on(text, {input: () => changed({text: text.value})});
  const status = chooser(
    'Show',
    [
      ['', 'all rows'],
      ['failed', 'failed'],
      ['undefined', 'undefined'],
      ['infinite', 'infinite'],
    ],
    '',
    (value) => changed({status: value as Filter['status']}),
  );
  const group = groupChooser(rows, (name) => changed({group: name}));
  const show = () => {
    text.value = filter.text;
    status.select.value = filter.status;
    if (group) group.select.value = groupValue(rows, filter.group);
  };
  const set = (part: Partial<Filter>) => {
    changed({...NO_FILTER, ...part});
    show();
  };
  const clear = button({class: 'plain', hidden: true}, () => set({}), 'Show all');
  const search = element('label', {class: 'field search'}, element('span', {}, 'Filter'), text);
  return {element: element('div', {class: 'filters', role: 'search'}, search, status.label, group?.label, clear), set};
}

function groupChooser(rows: Rows, onChange: (group: string | null) => void) {
  if (rows.groups.length < 2) return null;
  const named = [...rows.groups.keys()].map((at) => [String(at), rows.groups[at] || '(none)'] as const);
  const sorted = named.sort(([, a], [, b]) => (a < b ? -1 : 1));
  return chooser('Group', [['', 'all'], ...sorted], '', (value) => {
    onChange(value === '' ? null : (rows.groups[Number(value)] ?? null));
  });
}

function groupValue(rows: Rows, group: string | null): string {
  return group === null ? '' : String(rows.groups.indexOf(group));
}
