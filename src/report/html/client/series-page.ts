import type {PageBlocks} from '../page-data.js';
import {axis, chartIn} from './chart.js';
import {chooser, element} from './dom.js';
import {showPage} from './frame.js';
import {alignedText, countText, exactText, NONE, numberText, toNumber} from './number-text.js';
import {headOf, tile} from './overview.js';
import type {Section, takeBlocks} from './page.js';
import {runsSection} from './runs-section.js';
import {type SmallCell, smallTable} from './small-table.js';
import {colour} from './theme.js';

type Series = PageBlocks['series']['series'];

/** The page of a series: every loss by set, and which set is best. */
export function showSeries({series, links}: PageBlocks['series'], blocks: ReturnType<typeof takeBlocks>): void {
  const {sets, samples, version} = series;
  const failed = sets.reduce((sum, {counts}) => sum + counts.failed, 0);
  const head = headOf(
    'Series',
    [
      ['sets', sets.map(({name}) => name).join(', ')],
      ['made by', `cv-loss ${version}`],
    ],
    [
      tile(countText(sets.length), sets.length === 1 ? 'set' : 'sets'),
      tile(countText(samples.all), 'samples in all sets'),
      ...(samples.any > samples.all ? [tile(countText(samples.any - samples.all), 'in some only', 'warn')] : []),
      ...(failed > 0 ? [tile(countText(failed), 'failed', 'bad')] : []),
    ],
  );
  showPage(head, [setsSection(series, links), chartSection(series), runsSection(blocks.one('runs'))]);
}

function setsSection({sets, columns}: Series, links: Readonly<Record<string, string>>): Section {
  const shown = columns.filter(({better}) => better !== 'none');
  const texts = shown.map(({values}) => alignedText(Object.values(values).map(({value}) => toNumber(value))));
  const counts = (
    [
      ['Failed', (set: Series['sets'][number]) => set.counts.failed],
      ['Undefined', (set: Series['sets'][number]) => set.counts.undefined],
      ['Missing', (set: Series['sets'][number]) => set.missing],
      ['Gates failed', (set: Series['sets'][number]) => set.gates.failed],
    ] as const
  ).filter(([, of]) => sets.some((set) => of(set) > 0));
  const rows = sets.map((set): SmallCell[] => {
    const link = Object.hasOwn(links, set.name) ? links[set.name] : undefined;
    const values = shown.map(({best, values: bySet}, at) => {
      const value = toNumber(bySet[set.name]?.value);
      const isBest = best.includes(set.name);
      const text = texts[at]?.(value) ?? NONE;
      const hint = `${exactText(value)}${isBest ? ', the best' : ''}`;
      return {
        shown: isBest ? element('strong', {class: 'best'}, text, element('span', {'aria-label': 'best'}, ' ★')) : text,
        sort: value,
        hint,
      };
    });
    const numbers = counts.map(([, of]) => ({shown: of(set) === 0 ? '' : countText(of(set)), sort: of(set)}));
    return [
      {shown: link === undefined ? set.name : element('a', {href: link}, set.name), sort: set.name},
      ...values,
      {shown: countText(set.counts.samples), sort: set.counts.samples},
      ...numbers,
    ];
  });
  const table = smallTable(
    'Losses by set',
    [
      {title: 'Set', kind: 'text'},
      ...shown.map(({name, better}) => ({title: name, kind: 'number' as const, hint: `${better} is better`})),
      {title: 'n', kind: 'number'},
      ...counts.map(([title]) => ({title, kind: 'number' as const})),
    ],
    rows,
    true,
  );
  const left = sets.filter(({complete}) => !complete).map(({name}) => name);
  const note =
    left.length > 0 &&
    element('p', {class: 'note'}, `Never named best, since fewer samples were scored: ${left.join(', ')}.`);
  return {id: 'losses', title: 'Losses by set', body: element('div', {}, table, note)};
}

/** One loss over the sets, with the interval of its mean. */
function chartSection({sets, columns}: Series): Section | null {
  const shown = columns.filter(({better, statistic}) => better !== 'none' && statistic === 'value');
  const [first] = shown;
  if (!first || sets.length < 2) return null;
  const frame = element('div', {class: 'chart'});
  const chart = chartIn(frame);
  const draw = (name: string) => {
    const column = shown.find((one) => one.name === name) ?? first;
    const of = (set: string) => column.values[set];
    const finite = (value: number) => (Number.isFinite(value) ? value : null);
    const values = sets.map((set) => finite(toNumber(of(set.name)?.value)));
    const low = sets.map((set, at) => finite(toNumber(of(set.name)?.ci95?.[0])) ?? values[at] ?? null);
    const high = sets.map((set, at) => finite(toNumber(of(set.name)?.ci95?.[1])) ?? values[at] ?? null);
    const told = sets.map((set, at) => `${set.name} ${numberText(values[at] ?? Number.NaN)}`).join(', ');
    frame.setAttribute('role', 'img');
    frame.setAttribute('aria-label', `${name} by set: ${told}`);
    const line = {stroke: () => colour('point'), points: {show: true, size: 8, fill: () => colour('point')}, width: 2};
    chart.draw(
      {
        legend: {show: false},
        cursor: {drag: {x: false, y: false}},
        scales: {x: {time: false, range: [-0.5, sets.length - 0.5]}},
        axes: [
          axis('', (at) => sets[at]?.name ?? '', {incrs: [1, 2, 5, 10, 20, 50, 100], space: 70, size: 28}),
          axis(`${name} (${column.better} is better)`, (value) => numberText(value, 4), {size: 62}),
        ],
        series: [
          {},
          line,
          {stroke: 'transparent', points: {show: false}},
          {stroke: 'transparent', points: {show: false}},
        ],
        bands: [{series: [3, 2], fill: () => colour('band')}],
      },
      [sets.map((_, at) => at), values, low, high],
    );
  };
  const {label} = chooser(
    'Loss',
    shown.map(({name}) => [name, name] as const),
    first.name,
    draw,
  );
  queueMicrotask(() => draw(first.name));
  const caption = element('figcaption', {}, 'The band is the 95 % interval of the mean.');
  const figure = element(
    'figure',
    {class: 'panel'},
    element('div', {class: 'panel-head'}, element('h3', {}, 'Course'), label),
    frame,
    caption,
  );
  return {id: 'charts', title: 'Over the sets', body: figure};
}
