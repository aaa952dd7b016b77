import type {GalleryColour, GalleryHeat, GalleryImage, GalleryItem} from '../../../rows/gallery.js';
import {element} from './dom.js';
import {numberText} from './number-text.js';

/** A picture of the page, decoded beside what else goes on. Not lazily: a sheet of paper takes what is there. */
export function picture({href, width, height}: GalleryImage, alt: string): HTMLImageElement {
  const made = element('img', {src: href, width, height, alt, decoding: 'async', draggable: 'false'});
  // Enlarged pixels of a small image are what one wants to see.
  if (Math.max(width, height) < 160) made.classList.add('pixels');
  return made;
}

/** What the colours of a heat map stand for. */
export function heatLegend(
  colourMap: readonly string[],
  {low, high, better, shows}: GalleryHeat,
  loss: string,
): HTMLElement {
  const bar = element('span', {class: 'ramp', 'aria-hidden': 'true'});
  // The map goes from the best value to the worst, the bar from the low one to the high one.
  bar.style.background = `linear-gradient(to ${better === 'lower' ? 'right' : 'left'}, ${colourMap.join(', ')})`;
  const text = `${loss}: ${shows}, ${better} is better`;
  return element(
    'p',
    {class: 'legend'},
    element('span', {}, numberText(low, 3)),
    bar,
    element('span', {}, numberText(high, 3)),
    element('small', {}, text),
  );
}

/** The colours of classes and of errors in masks; null without any. */
export function colourLegend(colours: readonly GalleryColour[] = []): HTMLElement | null {
  if (colours.length === 0) return null;
  const items = colours.map(({name, colour}) => {
    const swatch = element('span', {class: 'swatch', 'aria-hidden': 'true'});
    swatch.style.background = colour;
    return element('li', {}, swatch, name);
  });
  return element('ul', {class: 'legend classes'}, ...items);
}

/** The heat map that belongs to a column: that of its loss. */
export function heatOf({heat}: GalleryItem, column: string): GalleryHeat | undefined {
  if (Object.hasOwn(heat, column)) return heat[column];
  const id = Object.keys(heat).find((loss) => column.startsWith(`${loss}.`));
  return id === undefined ? undefined : heat[id];
}
