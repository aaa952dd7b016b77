import {element, on} from './dom.js';

type Theme = 'system' | 'light' | 'dark';

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

const listeners = new Set<() => void>();

/** Calls back whenever colours change, for what is drawn on a canvas. */
export function onColours(listener: () => void): void {
  listeners.add(listener);
}

/** A colour of the styles, by the name of its property. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The switch between the colours of the system, light and dark. */
export function themeSwitch(): HTMLElement {
  const told = () => {
    for (const listener of listeners) listener();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', told);
  // Paper is light.
  const printing = (isPrinting: boolean) => () => {
    document.documentElement.classList.toggle('printing', isPrinting);
    told();
  };
  on(window, {beforeprint: printing(true), afterprint: printing(false)});
  const choices = THEMES.map(([theme, text]) => {
    const input = element('input', {type: 'radio', name: 'theme', value: theme, checked: theme === 'system'});
    on(input, {
      change: () => {
        if (theme === 'system') document.documentElement.removeAttribute('data-theme');
        else document.documentElement.setAttribute('data-theme', theme);
        told();
      },
    });
    return element('label', {}, input, element('span', {}, text));
  });
  return element('fieldset', {class: 'segmented theme'}, element('legend', {class: 'unseen'}, 'Colours'), ...choices);
}
