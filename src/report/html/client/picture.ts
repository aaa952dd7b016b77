import type {GalleryHeat, GalleryImage, GalleryItem} from '../gallery.js';
import {element} from './dom.js';
import {numberText} from './number-text.js';

/** A picture of the page; it is decoded when it comes into sight. */
export function picture({href, width, height}: GalleryImage, alt: string): HTMLImageElement {
  const made = element('img', {src: href, width, height, alt, loading: 'lazy', decoding: 'async', draggable: 'false'});
  // Enlarged pixels of a small image are what one wants to see.
  if (Math.max(width, height) < 160) made.classList.add('pixels');
  return made;
}

/** What the colours of a heat map stand for. */
export function heatLegend(colourMap: readonly string[], {low, high, better}: GalleryHeat, loss: string): HTMLElement {
  const bar = element('span', {class: 'ramp', 'aria-hidden': 'true'});
  bar.style.background = `linear-gradient(to right, ${colourMap.join(', ')})`;
  const text = `${loss} at a pixel, ${better} is better`;
  return element(
    'p',
    {class: 'legend'},
    element('span', {}, numberText(low, 3)),
    bar,
    element('span', {}, numberText(high, 3)),
    element('small', {}, text),
  );
}

/** The colours of classes and of errors in masks. */
export function classLegend(colours: readonly {readonly name: string; readonly colour: string}[]): HTMLElement {
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
