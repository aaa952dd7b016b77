import type {Gallery, GalleryItem} from '../../../rows/gallery.js';
import {button, chooser, element} from './dom.js';
import {alignedText, NONE} from './number-text.js';
import {extremes} from './order.js';
import {type Page, type Section, unitOf} from './page.js';
import {colourLegend, heatLegend, heatOf, picture} from './picture.js';

/** Samples that are listed of each end where there are no pictures. */
const LISTED = 12;

type End = 'worst' | 'best' | 'changed';
type Look = 'pred' | 'target' | 'difference' | 'overlay' | 'heat';

/** What is chosen. */
interface State {
  column: string;
  end: End;
  look: Look;
}

const ENDS: readonly (readonly [End, string])[] = [
  ['worst', 'worst first'],
  ['best', 'best first'],
];

const LOOKS: readonly (readonly [Look, string])[] = [
  ['pred', 'prediction'],
  ['target', 'target'],
  ['difference', 'difference'],
  ['overlay', 'errors'],
  ['heat', 'heat map'],
];

/**
 * The worst and the best samples of a loss, and those that worsened most from a baseline: their pictures, or their keys
 * where the page has none.
 */
export function gallerySection(page: Page): Section | null {
  const columns = page.rows.columns.filter(({better}) => better !== 'none').map(({name}) => name);
  const [first] = columns;
  if (first === undefined || page.rows.count === 0) return null;
  const state: State = {column: first, end: 'worst', look: 'pred'};
  const place = element('div', {class: 'cards'});
  const legend = element('div');
  const draw = (change: Partial<State> = {}) => {
    Object.assign(state, change);
    const keys = keysOf(page, state.column, state.end);
    const none =
      state.end === 'changed' ? `No pair has a worse ${state.column} than in the baseline.` : 'No pair has a value.';
    place.replaceChildren(...(keys.length > 0 ? cards(page, keys, state) : [element('p', {class: 'note'}, none)]));
    legend.replaceChildren(...legends(page.gallery, keys, state));
  };
  const looks = LOOKS.filter(
    ([look]) => page.gallery && Object.values(page.gallery.items).some((item) => has(item, look)),
  );
  const controls = [
    chooser(
      'Loss',
      columns.map((name) => [name, name] as const),
      first,
      (column) => draw({column}),
    ),
    chooser('Order', page.gallery?.changed ? [...ENDS, ['changed', 'worsened most']] : ENDS, 'worst', (end) =>
      draw({end: end as End}),
    ),
    ...(looks.length > 1 ? [chooser('Picture', looks, 'pred', (look) => draw({look: look as Look}))] : []),
  ].map(({label}) => label);
  draw();
  const note =
    !showsImages(page) &&
    element(
      'p',
      {class: 'note'},
      'The page has no images of these: here are the keys. A press on one shows all its numbers.',
    );
  const body = element('div', {}, element('div', {class: 'filters'}, ...controls), note, legend, place);
  return {id: 'gallery', title: 'Worst and best', body};
}

function keysOf({rows, gallery}: Page, column: string, end: End): readonly string[] {
  if (end === 'changed') return gallery?.changed?.[column]?.map(({key}) => key) ?? [];
  const listed = gallery?.[end][column];
  if (listed && listed.length > 0) return listed;
  const better = rows.columns.find(({name}) => name === column)?.better;
  const largest = (better === 'lower') === (end === 'worst');
  return extremes(rows.valuesOf(column), LISTED, largest).map((row) => rows.keys[row] as string);
}

function cards(page: Page, keys: readonly string[], {column, end, look}: State): HTMLElement[] {
  const {rows, gallery} = page;
  const hasImages = showsImages(page);
  const changes = end === 'changed' ? (gallery?.changed?.[column] ?? []) : [];
  const at = rows.columnAt(column);
  const values = keys.map((key) => rows.value(rows.rowOf(key) ?? -1, at));
  const text = alignedText([...values, ...changes.map(({baseline}) => baseline)]);
  const unit = unitOf(page, column);
  return keys.map((key, place) => {
    const item = gallery && Object.hasOwn(gallery.items, key) ? gallery.items[key] : undefined;
    const shown = item && imageOf(item, look, column);
    const value = values[place] as number;
    const frame =
      hasImages &&
      element('span', {class: 'frame'}, shown ? picture(shown, '') : element('span', {class: 'none'}, NONE));
    const change = changes[place];
    return button(
      {class: hasImages ? 'card' : 'card bare', title: key},
      () => page.open(keys, place),
      frame,
      element('span', {class: 'rank'}, String(place + 1)),
      element('span', {class: 'name'}, key),
      element(
        'span',
        {class: 'value'},
        Number.isNaN(value) ? NONE : `${text(value)}${unit === '' ? '' : `\u202f${unit}`}`,
      ),
      change && element('span', {class: 'change'}, `from ${text(change.baseline)}`),
    );
  });
}

/** Whether samples have images: those of embeddings are shown as tuples alone. */
function showsImages({gallery}: Page): boolean {
  return gallery !== null && Object.keys(gallery.items).length > 0;
}

function imageOf(item: GalleryItem, look: Look, column: string) {
  return look === 'heat' ? heatOf(item, column)?.image : item.images[look];
}

function has(item: GalleryItem, look: Look): boolean {
  return look === 'heat' ? Object.keys(item.heat).length > 0 : item.images[look] !== undefined;
}

function legends(gallery: Gallery | null, keys: readonly string[], {column, look}: State): HTMLElement[] {
  if (!gallery) return [];
  if (look === 'heat') {
    const heat = keys
      .map((key) => gallery.items[key])
      .map((item) => item && heatOf(item, column))
      .find((found) => found);
    return heat
      ? [heatLegend(gallery.colourMap, heat, column)]
      : [element('p', {class: 'note'}, `${column} has no map of its pixels.`)];
  }
  const legend =
    look === 'overlay'
      ? colourLegend(gallery.overlayColours)
      : look !== 'difference' && colourLegend(gallery.classColours);
  return legend ? [legend] : [];
}
