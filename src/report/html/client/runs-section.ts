import type {Gallery, GalleryImage, GalleryRunPair} from '../gallery.js';
import {chooser, element} from './dom.js';
import {NONE, numberText} from './number-text.js';
import type {Section} from './page.js';
import {heatLegend, picture} from './picture.js';

/** The pairs that changed most between runs, the runs side by side; null without pictures of them. */
export function runsSection(gallery: Gallery | null): Section | null {
  const runs = gallery?.runs;
  if (!gallery || !runs) return null;
  const columns = Object.keys(runs.changed).filter((column) => (runs.changed[column]?.length ?? 0) > 0);
  const [first] = columns;
  if (first === undefined) return null;
  const place = element('ol', {class: 'tuples'});
  const state = {column: first, look: 'pred' as 'pred' | 'heat'};
  const draw = (change: Partial<typeof state> = {}) => {
    Object.assign(state, change);
    const pairs = runs.changed[state.column] ?? [];
    place.replaceChildren(...pairs.map((pair) => pairItem(pair, runs.names, state.look)));
    const heat = pairs.flatMap((pair) => pair.runs.map((run) => run.heat)).find((found) => found);
    if (state.look === 'heat' && heat) place.prepend(heatLegend(gallery.colourMap, heat, state.column));
  };
  const hasHeat = columns.some((column) => runs.changed[column]?.some((pair) => pair.runs.some(({heat}) => heat)));
  const controls = [
    chooser(
      'Loss',
      columns.map((name) => [name, name] as const),
      first,
      (column) => draw({column}),
    ),
    ...(hasHeat
      ? [
          chooser(
            'Picture',
            [
              ['pred', 'prediction'],
              ['heat', 'heat map'],
            ],
            'pred',
            (look) => draw({look: look as 'pred'}),
          ),
        ]
      : []),
  ].map(({label}) => label);
  draw();
  return {
    id: 'changed',
    title: 'Changed most',
    body: element('div', {}, element('div', {class: 'filters'}, ...controls), place),
  };
}

function pairItem({key, target, runs}: GalleryRunPair, names: readonly string[], look: 'pred' | 'heat'): HTMLElement {
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
  const figures = runs.map(({value, pred, heat}, at) =>
    figure(names[at] ?? '', look === 'heat' ? heat?.image : pred, numberText(value ?? Number.NaN)),
  );
  return element(
    'li',
    {class: 'panel'},
    element('h3', {}, key),
    element('div', {class: 'members'}, ...(target ? [figure('target', target)] : []), ...figures),
  );
}
