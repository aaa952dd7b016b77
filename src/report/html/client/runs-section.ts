import type {GalleryImage, GalleryRuns, GalleryRunsItem} from '../../../rows/gallery.js';
import {chooser, element} from './dom.js';
import {NONE, numberText} from './number-text.js';
import type {Section} from './page.js';
import {picture} from './picture.js';

/** The samples that differ most between the sets of a series, the sets side by side; null without pictures of them. */
export function runsSection(runs: GalleryRuns | null): Section | null {
  if (!runs) return null;
  const columns = Object.keys(runs.changed).filter((column) => (runs.changed[column]?.length ?? 0) > 0);
  const [first] = columns;
  if (first === undefined) return null;
  const place = element('ol', {class: runs.names.length > 2 ? 'tuples wide' : 'tuples'});
  const draw = (column: string) =>
    place.replaceChildren(...(runs.changed[column] ?? []).map((item) => runsItem(item, runs.names)));
  const {label} = chooser(
    'Loss',
    columns.map((name) => [name, name] as const),
    first,
    draw,
  );
  draw(first);
  return {
    id: 'changed',
    title: 'Changed most',
    body: element('div', {}, element('div', {class: 'filters'}, label), place),
  };
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
