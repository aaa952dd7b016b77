import type {GalleryImage, GalleryRuns, GalleryRunsItem} from '../../../rows/gallery.js';
import {chooser, element} from './dom.js';
import {NONE, numberText} from './number-text.js';
import type {Section} from './page.js';
import {picture} from './picture.js';

/**
 * The samples that differ most between the sets of a series, or changed most from a baseline, the runs side by side; null
 * without pictures of them.
 */
export function runsSection(runs: GalleryRuns | null): Section | null {
  if (!runs) return null;
  const {names, changed, improved = {}} = runs;
  const lists = {'worsened most': changed, 'improved most': improved};
  const columns = [...new Set([...Object.keys(changed), ...Object.keys(improved)])];
  const [first] = columns;
  if (first === undefined) return null;
  const place = element('ol', {class: names.length > 2 ? 'tuples wide' : 'tuples'});
  const none = element('p', {class: 'note', hidden: ''}, 'No sample did.');
  const shown = {column: first, order: firstOrder(lists)};
  const draw = (now: Partial<typeof shown>) => {
    Object.assign(shown, now);
    const items = lists[shown.order][shown.column] ?? [];
    place.replaceChildren(...items.map((item) => runsItem(item, names)));
    none.hidden = items.length > 0;
  };
  const loss = chooser('Loss', asChoices(columns), first, (column) => draw({column}));
  const orders = Object.keys(lists) as (typeof shown.order)[];
  const order =
    runs.improved &&
    chooser('Order', asChoices(orders), shown.order, (text) => draw({order: text as typeof shown.order}));
  draw({});
  return {
    id: 'changed',
    title: 'Changed most',
    body: element('div', {}, element('div', {class: 'filters'}, loss.label, order?.label), none, place),
  };
}

function asChoices(names: readonly string[]): (readonly [string, string])[] {
  return names.map((name) => [name, name] as const);
}

/** The first list that has samples. */
function firstOrder(
  lists: Readonly<Record<'worsened most' | 'improved most', GalleryRuns['changed']>>,
): keyof typeof lists {
  return Object.keys(lists['worsened most']).length > 0 ? 'worsened most' : 'improved most';
}

function runsItem({key, target, runs}: GalleryRunsItem, names: readonly string[]): HTMLElement {
  const figure = (title: string, image: GalleryImage | undefined, value?: string) =>
    element(
      'figure',
      {},
      element(
        'div',
        {class: 'frame'},
        image ? picture(image, `${title} of ${key}`) : element('span', {class: 'none'}, NONE),
      ),
      element('figcaption', {}, element('strong', {}, title), value),
    );
  const figures = runs.map(({value, pred}, at) => figure(names[at] ?? '', pred, numberText(value ?? Number.NaN)));
  return element(
    'li',
    {class: 'panel'},
    element('h3', {}, key),
    element('div', {class: 'members'}, target && figure('target', target), ...figures),
  );
}
