import type {GalleryMember, GalleryTuple} from '../../../rows/gallery.js';
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

function tupleItem({value, same, members}: GalleryTuple): HTMLElement {
  const identities = same === undefined ? null : same ? 'one identity' : 'two identities';
  const from = members[0]?.role ?? '';
  const loss = element('p', {class: 'value'}, 'loss ', element('strong', {}, numberText(value)));
  return element(
    'li',
    {class: 'panel'},
    element('div', {class: 'members'}, ...members.map((member) => memberFigure(member, from))),
    element('div', {}, loss, identities && element('p', {}, identities)),
  );
}

function memberFigure({role, key, distance, image}: GalleryMember, from: string): HTMLElement {
  const shown = image ? picture(image, `${role} ${key}`) : element('span', {class: 'none'}, key);
  return element(
    'figure',
    {},
    element('div', {class: 'frame'}, shown),
    element(
      'figcaption',
      {},
      element('strong', {}, role),
      image && element('span', {}, key),
      distance === undefined ? null : element('small', {}, `${numberText(distance)} from ${from}`),
    ),
  );
}
