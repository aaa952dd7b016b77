import type {Gallery, GalleryHeat, GalleryItem} from '../../../rows/gallery.js';
import {button, element, on} from './dom.js';
import {colourLegend, heatLegend, picture} from './picture.js';

/** A way to look at a sample. */
export interface Mode {
  readonly id: string;
  readonly title: string;
  /** Makes what is seen; `stop` ends what moves. */
  show(): {readonly element: HTMLElement; readonly stop?: () => void};
}

/** The ways to look at the pictures there are. */
export function modesOf(item: GalleryItem, gallery: Gallery): Mode[] {
  const {pred, target, difference, overlay} = item.images;
  const modes: (Mode | false | undefined)[] = [
    (pred ?? target) && {id: 'side', title: 'Side by side', show: () => ({element: sideBySide(item, gallery)})},
    pred && target && {id: 'slider', title: 'Slider', show: () => ({element: slider(item)})},
    pred && target && {id: 'blink', title: 'Blink', show: () => blink(item)},
    difference && {
      id: 'difference',
      title: 'Difference',
      show: () => ({element: single(picture(difference, 'Difference of prediction and target'))}),
    },
    overlay && {
      id: 'overlay',
      title: 'Errors',
      show: () => ({
        element: single(picture(overlay, 'False positives and false negatives'), colourLegend(gallery.overlayColours)),
      }),
    },
    ...heatModes(item, gallery),
  ];
  return modes.filter((mode): mode is Mode => typeof mode === 'object');
}

/** One for each heat map; losses that have the same one (wrong pixels, of most that compare masks) share it. */
function heatModes({heat}: GalleryItem, {colourMap}: Gallery): Mode[] {
  const names = new Map<string, string[]>();
  for (const [loss, {image, low, high, shows}] of Object.entries(heat)) {
    const same = [shows, low, high, image.href].join('|');
    names.set(same, [...(names.get(same) ?? []), loss]);
  }
  return [...names.values()].flatMap((losses) => {
    const [first = ''] = losses;
    const shown = heat[first];
    const name = losses.join(', ');
    const show = (own: GalleryHeat) =>
      single(picture(own.image, `Heat map of ${name}`), heatLegend(colourMap, own, name));
    return shown ? [{id: `heat-${first}`, title: `Heat map: ${name}`, show: () => ({element: show(shown)})}] : [];
  });
}

function single(image: HTMLImageElement, legend: HTMLElement | null = null): HTMLElement {
  return sized(image, element('div', {class: 'frame'}, image), legend);
}

/** As large as the screen has room for, at most three times as large as the picture is. */
function sized(image: HTMLImageElement, ...content: readonly (HTMLElement | null)[]): HTMLElement {
  const held = element('div', {class: 'single'}, ...content);
  const [width, height] = [Number(image.getAttribute('width')), Number(image.getAttribute('height'))];
  held.style.width = `min(100%, ${(60 * width) / height}vh, ${3 * width}px)`;
  return held;
}

function sideBySide({images: {pred, target}}: GalleryItem, gallery: Gallery): HTMLElement {
  const figures = [
    pred && titled('Prediction', picture(pred, 'Prediction')),
    target && titled('Target', picture(target, 'Target')),
  ];
  return element('div', {}, element('div', {class: 'pair'}, ...figures), colourLegend(gallery.classColours));
}

function titled(title: string, image: HTMLElement): HTMLElement {
  return element('figure', {}, element('div', {class: 'frame'}, image), element('figcaption', {}, title));
}

/** Prediction over target, cut where the handle is: a range input, so that keys and pointers move it alike. */
function slider({images: {pred, target}}: GalleryItem): HTMLElement {
  if (!pred || !target) return element('div');
  const over = picture(pred, 'Prediction');
  const line = element('span', {class: 'line', 'aria-hidden': 'true'});
  const range = element('input', {
    type: 'range',
    min: 0,
    max: 100,
    value: 50,
    step: 0.5,
    'aria-label': 'How much of the prediction covers the target, in percent',
  });
  const move = () => {
    over.style.clipPath = `inset(0 ${100 - Number(range.value)}% 0 0)`;
    line.style.left = `${range.value}%`;
  };
  on(range, {input: move});
  move();
  const names = element(
    'p',
    {class: 'ends', 'aria-hidden': 'true'},
    element('span', {}, 'Prediction'),
    element('span', {}, 'Target'),
  );
  return sized(over, element('div', {class: 'frame stack'}, picture(target, 'Target'), over, line, range), names);
}

/** Prediction and target in turn, in one place: the eye sees what moves. */
function blink({images: {pred, target}}: GalleryItem): {readonly element: HTMLElement; readonly stop: () => void} {
  if (!pred || !target) return {element: element('div'), stop: () => undefined};
  const over = picture(pred, 'Prediction');
  const name = element('strong', {'aria-live': 'off'}, 'Prediction');
  const rate = element('input', {
    type: 'range',
    min: 0.5,
    max: 8,
    step: 0.5,
    value: 2,
    'aria-label': 'Changes a second',
  });
  let timer = 0;
  const turn = () => {
    const isShown = over.style.visibility === 'hidden';
    over.style.visibility = isShown ? 'visible' : 'hidden';
    name.textContent = isShown ? 'Prediction' : 'Target';
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    pause.textContent = 'Start';
  };
  const start = () => {
    clearInterval(timer);
    timer = setInterval(turn, 1000 / Number(rate.value));
    pause.textContent = 'Stop';
  };
  const pause = button({class: 'plain'}, () => (timer === 0 ? start() : stop()), 'Start');
  const step = button(
    {class: 'plain'},
    () => {
      stop();
      turn();
    },
    'Switch',
  );
  on(rate, {input: () => timer !== 0 && start()});
  // Nothing moves by itself for those who asked for stillness.
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) start();
  const controls = element('p', {class: 'controls'}, pause, step, element('label', {}, 'Slow ', rate, ' fast'), name);
  const frame = element('div', {class: 'frame stack'}, picture(target, 'Target'), over);
  return {element: sized(over, frame, controls), stop};
}
