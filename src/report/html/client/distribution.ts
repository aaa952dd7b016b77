import uPlot from 'uplot';
import {axis, type Chart, chartIn} from './chart.js';
import {chooser, element} from './dom.js';
import {histogramOf} from './histogram.js';
import {counted, countText, numberText} from './number-text.js';
import {choosable, columnTitle, type Page} from './page.js';
import {colour} from './theme.js';

/** How the rows of one column are spread: a histogram with mean and median. */
export function distribution(page: Page, first?: string): HTMLElement {
  const options = choosable(page);
  const chosen = first ?? options[0]?.[0] ?? '';
  const frame = element('div', {class: 'chart'});
  const caption = element('figcaption', {});
  const chart = chartIn(frame);
  const draw = (name: string) => drawColumn(page, name, chart, frame, caption);
  const {label} = chooser('Loss', options, chosen, draw);
  const figure = element(
    'figure',
    {class: 'panel'},
    element('div', {class: 'panel-head'}, element('h3', {}, 'Distribution'), label),
    frame,
    caption,
  );
  queueMicrotask(() => draw(chosen));
  return figure;
}

function drawColumn(page: Page, name: string, chart: Chart, frame: HTMLElement, caption: HTMLElement): void {
  const values = page.rows.valuesOf(name);
  const histogram = histogramOf(values);
  if (!histogram) {
    caption.textContent = 'No row has a finite number.';
    chart.draw({series: [{}], legend: {show: false}}, [[]]);
    return;
  }
  const {low, high, counts} = histogram;
  const width = (high - low) / counts.length;
  const centres = Array.from(counts, (_, bin) => low + (bin + 0.5) * width);
  const [mean, median] = centre(values);
  const marks = [
    {at: mean, name: 'mean', dash: [5, 4]},
    {at: median, name: 'median', dash: []},
  ];
  chart.draw(
    {
      legend: {show: false},
      cursor: {y: false, drag: {x: false, y: false}, points: {show: false}},
      scales: {x: {time: false, range: [low, high]}, y: {range: (_plot, _low, most) => [0, Math.max(1, most * 1.08)]}},
      axes: [
        axis(columnTitle(page, name), (value) => numberText(value, 4)),
        axis('rows', countText, {
          size: 58,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5],
        }),
      ],
      series: [
        {},
        {
          paths: uPlot.paths.bars?.({size: [1, 400], gap: 1}) as uPlot.Series.PathBuilder,
          points: {show: false},
          fill: () => colour('bar'),
          stroke: () => colour('bar'),
          width: 0,
        },
      ],
      hooks: {draw: [(plot) => drawMarks(plot, marks)]},
    },
    [centres, [...counts]],
  );
  const finite = counts.reduce((sum, count) => sum + count, 0);
  const rest = values.length - finite;
  const text = `${counted(finite, 'row')}, median ${numberText(median)}, mean ${numberText(mean)}`;
  caption.textContent = rest === 0 ? `${text}.` : `${text}; ${countText(rest)} without a finite number left out.`;
  frame.setAttribute('role', 'img');
  frame.setAttribute('aria-label', `Histogram of ${name}: ${caption.textContent}`);
}

function drawMarks(plot: uPlot, marks: readonly {at: number; name: string; dash: number[]}[]): void {
  const {ctx, bbox} = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour('accent');
  ctx.lineWidth = 1.5 * ratio;
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  const places = marks.map(({at}) => plot.valToPos(at, 'x', true));
  marks.forEach(({name, dash}, i) => {
    const x = places[i] as number;
    ctx.setLineDash(dash.map((length) => length * ratio));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // The word stands on the side away from the other line.
    const isRight = x > (places[1 - i] as number) || (x === places[1 - i] && i === 1);
    ctx.textAlign = isRight ? 'left' : 'right';
    ctx.fillText(name, x + (isRight ? 5 : -5) * ratio, bbox.top + 11 * ratio);
  });
  ctx.restore();
}

/** Mean and median of the finite values. */
function centre(values: Float64Array): [number, number] {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const middle = (sorted.length - 1) / 2;
  return [mean, ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2];
}
