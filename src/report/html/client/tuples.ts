import type {GalleryTuple} from '../gallery.js';
import {chooser, element} from './dom.js';
import {numberText} from './number-text.js';
import type {Page, Section} from './page.js';
import {picture} from './picture.js';

/** The hardest pairs and triplets of embeddings: who was near whom; null without any. */
export function tuplesSection({gallery}: Page): Section | null {
  const tuples = gallery?.tuples ?? {};
  const columns = Object.keys(tuples).filter((column) => (tuples[column]?.length ?? 0) > 0);
  const [first] = columns;
  if (first === undefined) return null;
  const place = element('ol', {class: 'tuples'});
  const draw = (column: string) => place.replaceChildren(...(tuples[column] ?? []).map((tuple) => tupleItem(tuple)));
  const {label} = chooser(
    'Loss',
    columns.map((name) => [name, name] as const),
    first,
    draw,
  );
  draw(first);
  return {
    id: 'tuples',
    title: 'Hardest tuples',
    body: element('div', {}, element('div', {class: 'filters'}, label), place),
  };
}

function tupleItem({value, members, distances}: GalleryTuple): HTMLElement {
  const figures = members.map(({role, name, label, image}) =>
    element(
      'figure',
      {},
      element(
        'div',
        {class: 'frame'},
        image ? picture(image, `${role} ${name}`) : element('span', {class: 'none'}, name),
      ),
      element(
        'figcaption',
        {},
        element('strong', {}, role),
        image && name,
        label === undefined ? null : element('small', {}, label),
      ),
    ),
  );
  const lines = distances.map(({between: [a, b], value: distance, measure}) =>
    element('li', {}, `${a} – ${b}: ${numberText(distance)} `, element('small', {}, measure)),
  );
  const loss = element('p', {class: 'value'}, 'loss ', element('strong', {}, numberText(value ?? Number.NaN)));
  return element(
    'li',
    {class: 'panel'},
    element('div', {class: 'members'}, ...figures),
    element('div', {}, loss, element('ul', {}, ...lines)),
  );
}
