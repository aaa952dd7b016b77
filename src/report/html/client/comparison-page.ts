import type {ComparisonPage} from '../comparison-data.js';
import {distribution} from './distribution.js';
import {element} from './dom.js';
import {showPage} from './frame.js';
import {gatesSection} from './gates.js';
import {alignedText, counted, countText, exactText, NONE, numberText, toNumber} from './number-text.js';
import {headOf, tile} from './overview.js';
import {choosable, type Page, type Section, type takeBlocks} from './page.js';
import {facts} from './provenance.js';
import {Rows} from './rows.js';
import {RowsTable} from './rows-table.js';
import {runsSection} from './runs-section.js';
import {scatter} from './scatter.js';
import {smallTable} from './small-table.js';
import {Viewer} from './viewer.js';

const BADGES = {better: 'ok', same: 'plain', worse: 'failed', inconclusive: 'undefined'} as const;

/** Keys that are listed. */
const LISTED = 20;

/** The page of a comparison of two runs: its rows have the numbers of both and how far they are apart. */
export function showComparison(comparison: ComparisonPage, blocks: ReturnType<typeof takeBlocks>): void {
  const rows = new Rows(comparison.rowColumns, blocks.rows);
  const types = Object.fromEntries(
    Object.entries(comparison.candidate.report.losses).map(([id, {type}]) => [id, type]),
  );
  const isMain = () => true;
  const viewer = new Viewer({types: {}, isMain}, rows, null);
  const page: Page = {
    rows,
    gallery: null,
    types: {},
    isMain,
    open: (keys, at) => viewer.open(keys, at),
    show: (filter) => table.show(filter),
  };
  const table = new RowsTable(page, blocks.one('omitted')?.rows ?? 0);
  const sections = [
    verdictsSection(comparison, types),
    gatesSection(comparison.gates),
    runsSection(blocks.one('runs')),
    chartsSection(page),
    missingSection(comparison),
    rows.count > 0 ? table.section : null,
    circumstancesSection(comparison),
  ];
  showPage(comparisonHead(comparison), sections, [viewer.dialog]);
  if (rows.count > 0) table.mount();
}

function comparisonHead({passed, columns, common, baseline, candidate, version}: ComparisonPage): HTMLElement {
  const countOf = (wanted: string) => columns.filter(({verdict}) => verdict === wanted).length;
  return headOf(
    'Comparison',
    [
      ['baseline', baseline.dir],
      ['candidate', candidate.dir],
      ['made by', `cv-loss ${version}`],
    ],
    [
      tile(passed ? '✓' : '✕', passed ? 'passed' : 'failed', passed ? 'good' : 'bad'),
      tile(countText(common), 'pairs in both'),
      tile(countText(countOf('better')), 'better'),
      tile(countText(countOf('worse')), 'worse', countOf('worse') > 0 ? 'bad' : ''),
    ],
  );
}

function verdictsSection({columns}: ComparisonPage, types: Page['types']): Section {
  const rows = columns.map((column) => {
    const [before, after, difference] = [column.baseline, column.candidate, column.difference].map(toNumber) as [
      number,
      number,
      number,
    ];
    const text = alignedText([before, after]);
    const changes = alignedText([difference, ...(column.ci95 ?? []).map(toNumber)]);
    const number = (value: number, shown: string) => ({shown, sort: value, hint: exactText(value)});
    const interval =
      column.ci95 === null ? NONE : column.ci95.map((end) => withSign(changes(toNumber(end)))).join(' … ');
    return [
      element(
        'span',
        {class: 'loss'},
        column.name,
        element('small', {}, `${column.better} is better${types[column.name] === 'psnr' ? ', dB' : ''}`),
      ),
      {shown: element('span', {class: `badge ${BADGES[column.verdict]}`}, column.verdict), sort: column.verdict},
      number(before, text(before)),
      number(after, text(after)),
      number(difference, withSign(changes(difference))),
      interval,
      number(column.pWorse, numberText(column.pWorse, 3)),
      number(column.pBetter, numberText(column.pBetter, 3)),
      countText(column.pairs),
      column.lost === 0 ? '' : countText(column.lost),
    ];
  });
  const number = (title: string, hint?: string) => ({title, kind: 'number', hint}) as const;
  const table = smallTable(
    'Losses in both runs',
    [
      {title: 'Loss', kind: 'text'},
      {title: 'Verdict', kind: 'text'},
      number('Baseline', 'Mean over the pairs'),
      number('Candidate', 'Mean over the pairs'),
      number('Change'),
      number('95 % of the change', 'Bootstrap interval'),
      number('p worse', 'One-sided sign-flip test, adjusted by Holm'),
      number('p better', 'One-sided sign-flip test, adjusted by Holm'),
      number('Pairs'),
      number('Lost', 'Values of the baseline that the candidate lacks'),
    ],
    rows,
  );
  return {id: 'losses', title: 'Losses', body: element('div', {}, table)};
}

function withSign(text: string): string {
  return /^[−–0]/.test(text) && !/^0\.\d*[1-9]/.test(text) ? text : `+${text}`;
}

function chartsSection(page: Page): Section | null {
  const [before, after, change] = choosable(page);
  if (!before || !after) return null;
  const body = element(
    'div',
    {class: 'charts'},
    scatter(page, [before[0], after[0]], true),
    distribution(page, change?.[0]),
  );
  return {id: 'charts', title: 'Pair by pair', body};
}

function missingSection({removed, added, removedColumns, addedColumns, changed}: ComparisonPage): Section | null {
  const lists = [
    ['Pairs that are gone', removed],
    ['New pairs', added],
    ['Losses that are gone', removedColumns],
    ['New losses', addedColumns],
    ['Pairs scored against other data', changed ?? []],
  ] as const;
  const panels = lists.flatMap(([title, names]) => {
    if (names.length === 0) return [];
    const items = names.slice(0, LISTED).map((name) => element('li', {}, name));
    const more = names.length > LISTED && element('li', {}, `… and ${counted(names.length - LISTED, 'more', 'more')}`);
    return [
      element(
        'div',
        {class: 'panel trouble warn'},
        element('h3', {}, `${title} (${countText(names.length)})`),
        element('ul', {}, ...items, more),
      ),
    ];
  });
  return panels.length === 0
    ? null
    : {id: 'attention', title: 'Not in both', body: element('div', {class: 'columns'}, ...panels)};
}

function circumstancesSection({differences, baseline, candidate}: ComparisonPage): Section {
  const lines = differences.map((line) => element('li', {}, line));
  const told =
    lines.length === 0
      ? element('p', {}, 'Both runs were made with the same version, device, weights and options.')
      : element('ul', {}, ...lines);
  const of = (title: string, {report, dir}: ComparisonPage['baseline']) =>
    facts(title, [
      ['report', element('code', {}, dir)],
      ['cv-loss', report.version],
      ['device', report.device.name],
      ['samples', countText(report.counts.samples)],
      ['failed', countText(report.counts.failed)],
      ['SHA-256', element('code', {}, report.inputs.hash)],
    ]);
  return {
    id: 'provenance',
    title: 'How they were made',
    body: element(
      'div',
      {},
      told,
      element('div', {class: 'columns'}, of('Baseline', baseline), of('Candidate', candidate)),
    ),
  };
}
