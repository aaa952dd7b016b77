import type {Report} from '../../report.js';
import {element} from './dom.js';
import {countText} from './number-text.js';

/** A number that is large on the page, and what it is of. */
export function tile(number: string, text: string, kind = ''): HTMLElement {
  return element('div', {class: `tile ${kind}`}, element('dd', {}, number), element('dt', {}, text));
}

/** The head of a page: what was scored, how it ended. */
export function headOf(
  title: string,
  about: readonly (readonly [string, string])[],
  tiles: readonly HTMLElement[],
): HTMLElement {
  const facts = about.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
  return element(
    'header',
    {class: 'head'},
    element('div', {}, element('h1', {}, title), element('dl', {class: 'facts'}, ...facts)),
    element('dl', {class: 'tiles'}, ...tiles),
  );
}

/** The head of the page of a run. */
export function overview(report: Report): HTMLElement {
  const {counts, inputs, gates} = report;
  const failed = gates.filter(({verdict, level}) => verdict === 'fail' && level === 'error').length;
  const task = typeof report.config.task === 'string' ? `, task ${report.config.task}` : '';
  const verdict = failed === 0 ? 'Gates passed' : `${failed} of ${gates.length} gates failed`;
  const tiles = [
    gates.length > 0 && tile(failed === 0 ? '✓' : '✕', verdict, failed === 0 ? 'good' : 'bad'),
    tile(countText(counts.samples), counts.samples === 1 ? 'sample' : 'samples'),
    tile(countText(counts.ok), 'ok'),
    counts.undefined > 0 && tile(countText(counts.undefined), 'undefined', 'warn'),
    counts.failed > 0 && tile(countText(counts.failed), 'failed', 'bad'),
    inputs.missing > 0 && tile(countText(inputs.missing), 'left out', 'warn'),
  ].filter((one) => one !== false);
  const roots = Object.entries(inputs.roots);
  const device = `${report.device.name}${report.device.gpu ? ' with a GPU' : ''}`;
  const made: [string, string] = ['made by', `cv-loss ${report.version} on ${device}${task}`];
  return headOf('Report', [...roots, made], tiles);
}
