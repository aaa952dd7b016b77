import type {Report} from '../../report.js';
import {element} from './dom.js';
import {exactText, numberText, toNumber} from './number-text.js';
import type {Section} from './page.js';
import {smallTable} from './small-table.js';

/** The verdicts of rules and of a comparison with a baseline, failed ones first; null where there are none. */
export function gatesSection(gates: Report['gates']): Section | null {
  if (gates.length === 0) return null;
  const ordered = [...gates].sort((a, b) => rank(a) - rank(b));
  const rows = ordered.map((gate) => {
    const value = toNumber(gate.actual);
    const found = gate.actual === null ? '' : numberText(value);
    return [
      verdictMark(gate),
      gate.name,
      gate.expected,
      {shown: found, sort: value, hint: exactText(value)},
      gate.reason,
    ];
  });
  const body = smallTable(
    'Gates',
    [
      {title: 'Verdict', kind: 'text'},
      {title: 'Gate', kind: 'text'},
      {title: 'Expected', kind: 'text'},
      {title: 'Found', kind: 'number'},
      {title: 'Why', kind: 'text'},
    ],
    rows,
  );
  return {id: 'gates', title: 'Gates', body: element('div', {}, body)};
}

function verdictMark({verdict, level}: Report['gates'][number]): HTMLElement {
  if (verdict === 'pass') return element('span', {class: 'badge ok'}, 'passed');
  return level === 'error'
    ? element('span', {class: 'badge failed'}, 'failed')
    : element('span', {class: 'badge undefined'}, 'warning');
}

function rank({verdict, level}: Report['gates'][number]): number {
  return verdict === 'pass' ? 2 : level === 'error' ? 0 : 1;
}
