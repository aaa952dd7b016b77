import {type Child, element} from './dom.js';
import type {Section} from './page.js';
import {themeSwitch} from './theme.js';

/** Puts the page together: a bar with the way to each part, the head, the parts. */
export function showPage(head: HTMLElement, sections: readonly (Section | null)[], more: readonly Child[] = []): void {
  const shown = sections.filter((section) => section !== null);
  const links = shown.map(({id, title}) => element('a', {href: `#${id}`}, title));
  const bar = element(
    'div',
    {class: 'bar'},
    element('span', {class: 'brand'}, 'cv-loss'),
    element('nav', {'aria-label': 'Parts of the page'}, ...links),
    themeSwitch(),
  );
  const parts = shown.map(({id, title, body}) =>
    element('section', {id, 'aria-labelledby': `${id}-title`}, element('h2', {id: `${id}-title`}, title), body),
  );
  const page = document.getElementById('page');
  const skip = element('a', {class: 'skip', href: '#content'}, 'Skip to the content');
  page?.replaceChildren(skip, bar, element('main', {id: 'content', tabindex: -1}, head, ...parts));
  page?.append(...more.filter((part) => part instanceof Node));
}
