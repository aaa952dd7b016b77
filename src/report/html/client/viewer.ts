import type {Gallery} from '../../../rows/gallery.js';
import {button, element, on} from './dom.js';
import {exactText} from './number-text.js';
import {betterText, columnTitle, type Page} from './page.js';
import {sizeText} from './row-cells.js';
import type {Rows} from './rows.js';
import {type Mode, modesOf} from './viewer-modes.js';

/** Looks at one sample at a time: its pictures in every way there is, and all its numbers. */
export class Viewer {
  readonly dialog: HTMLDialogElement;
  private readonly title = element('h2', {id: 'viewer-title'});
  private readonly place = element('span', {class: 'place'});
  private readonly stage = element('div', {class: 'stage'});
  private readonly numbers = element('div', {class: 'numbers'});
  private keys: readonly string[] = [];
  private at = 0;
  private mode = 'side';
  private stop: (() => void) | undefined;

  constructor(
    private readonly page: Pick<Page, 'types' | 'isMain'>,
    private readonly rows: Rows,
    private readonly gallery: Gallery | null,
  ) {
    const previous = button({class: 'plain', 'aria-label': 'Previous sample'}, () => this.step(-1), '←');
    const next = button({class: 'plain', 'aria-label': 'Next sample'}, () => this.step(1), '→');
    const close = button({class: 'plain', 'aria-label': 'Close'}, () => this.dialog.close(), '✕');
    const bar = element('div', {class: 'viewer-bar'}, this.title, this.place, previous, next, close);
    this.dialog = element(
      'dialog',
      {class: 'viewer', 'aria-labelledby': 'viewer-title'},
      bar,
      this.stage,
      this.numbers,
    );
    on(this.dialog, {
      close: () => this.stop?.(),
      keydown: (event: KeyboardEvent) => this.onKey(event),
      click: (event: MouseEvent) => event.target === this.dialog && this.dialog.close(),
    });
  }

  open(keys: readonly string[], at: number): void {
    this.keys = keys;
    this.at = at;
    this.show();
    if (!this.dialog.open) this.dialog.showModal();
  }

  private onKey(event: KeyboardEvent): void {
    // Arrows belong to sliders and choices while these have the focus.
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    if (event.key === 'ArrowLeft') this.step(-1);
    if (event.key === 'ArrowRight') this.step(1);
  }

  private step(by: number): void {
    this.at = Math.max(0, Math.min(this.keys.length - 1, this.at + by));
    this.show();
  }

  private show(): void {
    const key = this.keys[this.at] ?? '';
    this.title.textContent = key;
    this.place.textContent = this.keys.length > 1 ? `${this.at + 1} of ${this.keys.length}` : '';
    this.showPictures(key);
    this.numbers.replaceChildren(...this.numbersOf(key));
  }

  private showPictures(key: string): void {
    const {gallery} = this;
    const item = gallery && Object.hasOwn(gallery.items, key) ? gallery.items[key] : undefined;
    const modes = gallery && item ? modesOf(item, gallery) : [];
    this.stop?.();
    if (modes.length === 0) {
      const why =
        gallery && Object.keys(gallery.items).length > 0
          ? 'The page holds pictures of the best and worst samples only; this one is not among them.'
          : 'The page has no image of it.';
      this.stage.replaceChildren(element('p', {class: 'note'}, why));
      return;
    }
    const view = element('div', {class: 'view'});
    const show = (mode: Mode) => {
      this.stop?.();
      this.mode = mode.id;
      const shown = mode.show();
      this.stop = shown.stop;
      view.replaceChildren(shown.element);
    };
    const chosen = modes.find(({id}) => id === this.mode) ?? (modes[0] as Mode);
    this.stage.replaceChildren(modeChoice(modes, chosen, show), view);
    show(chosen);
  }

  private numbersOf(key: string): HTMLElement[] {
    const {rows} = this;
    const row = rows.rowOf(key);
    if (row === undefined) return [];
    const status = rows.statusOf(row);
    const reason =
      status !== 'ok' &&
      element(
        'p',
        {class: `reason ${status}`},
        element('span', {class: `badge ${status}`}, status),
        rows.reasons.get(row),
      );
    const fact = (name: string, note: string, value: string) =>
      element('div', {}, element('dt', {}, name, note !== '' && element('small', {}, note)), element('dd', {}, value));
    const values = (isMain: boolean) =>
      rows.columns.flatMap(({name, better}, column) => {
        if (this.page.isMain(name) !== isMain) return [];
        const value = rows.isNotApplicable(row, column) ? 'n/a' : exactText(rows.value(row, column));
        return [fact(columnTitle(this.page, name), betterText(better), value)];
      });
    const more = [
      ...(Number.isNaN(rows.width[row]) ? [] : [fact('size', '', sizeText(rows.width[row], rows.height[row]))]),
      ...(rows.groups.length > 1 ? [fact('group', '', rows.group(row))] : []),
    ];
    const parts = values(false);
    const folded =
      parts.length > 0 &&
      element(
        'details',
        {},
        element('summary', {}, `Parts of the losses (${parts.length})`),
        element('dl', {class: 'values'}, ...parts),
      );
    const shown = [reason, element('dl', {class: 'values'}, ...values(true), ...more), folded];
    return shown.filter((part) => part instanceof HTMLElement);
  }
}

function modeChoice(modes: readonly Mode[], chosen: Mode, show: (mode: Mode) => void): HTMLElement {
  const choices = modes.map((mode) => {
    const input = element('input', {type: 'radio', name: 'mode', value: mode.id, checked: mode === chosen});
    on(input, {change: () => show(mode)});
    return element('label', {}, input, element('span', {}, mode.title));
  });
  return element(
    'fieldset',
    {class: 'segmented modes'},
    element('legend', {class: 'unseen'}, 'Way to look'),
    ...choices,
  );
}
