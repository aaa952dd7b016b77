import type {Report} from '../../report.js';
import {type Child, element} from './dom.js';
import {counted} from './number-text.js';
import type {Section} from './page.js';

/** How the numbers were made: inputs, device, versions, networks, hashes, the config as it was resolved. */
export function provenanceSection(report: Report): Section {
  const {inputs, device, networks = [], losses, config} = report;
  const missing = inputs.missing > 0 ? `, ${inputs.missing} left out for want of a file` : '';
  const lists = [
    facts('Inputs', [
      ...Object.entries(inputs.roots).map(([role, root]): [string, Child] => [role, code(root)]),
      ['samples', `${counted(inputs.count, 'sample')}${missing}`],
      ['SHA-256', code(inputs.hash)],
    ]),
    facts('Made by', [
      ['cv-loss', report.version],
      ['device', `${device.name}${device.gpu ? ', with a GPU' : ''}`],
      ...Object.entries(device.versions).map(([name, version]): [string, Child] => [name, version]),
    ]),
    facts(
      'Losses',
      Object.entries(losses).map(([id, {type, better, weight}]): [string, Child] => [
        id,
        [
          id === type ? '' : type,
          better === 'none' ? '' : `${better} is better`,
          weight === undefined ? '' : `weight ${weight}`,
        ]
          .filter((part) => part !== '')
          .join(', '),
      ]),
    ),
    ...networks.map(({network, weights, weights_sha256, executor, provider, threads, pooling}) =>
      facts(`Network ${network}`, [
        ['weights', weights],
        ['SHA-256', code(weights_sha256)],
        [
          'executor',
          `${executor}${provider === undefined ? '' : ` on ${provider}`}${threads === null ? '' : `, ${counted(threads, 'thread')}`}`,
        ],
        ...(pooling === undefined ? [] : [['pooling', pooling] as [string, Child]]),
      ]),
    ),
  ];
  const whole = element(
    'details',
    {},
    element('summary', {}, 'Config, with every default filled in'),
    element('pre', {tabindex: 0}, JSON.stringify(config, null, 2)),
  );
  return {
    id: 'provenance',
    title: 'How it was made',
    body: element('div', {}, element('div', {class: 'columns'}, ...lists), whole),
  };
}

/** A list of names and values under a title. */
export function facts(title: string, entries: readonly (readonly [string, Child])[]): HTMLElement {
  const items = entries.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
  return element('div', {class: 'panel'}, element('h3', {}, title), element('dl', {class: 'facts'}, ...items));
}

function code(text: string): HTMLElement {
  return element('code', {}, text);
}
