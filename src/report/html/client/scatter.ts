import type uPlot from 'uplot';
import {axis, type Chart, chartIn} from './chart.js';
import {chooser, element, on} from './dom.js';
import {counted, numberText} from './number-text.js';
import {choosable, columnTitle, type Page} from './page.js';
import {colour} from './theme.js';

/** Pixels of the screen within which a point is meant. */
const REACH = 14;

/** Any two columns against each other, a point for each row; a press on a point opens its row. */
export function scatter(page: Page, first: readonly [string, string], hasDiagonal = false): HTMLElement {
  const options = choosable(page);
  let [x, y] = first;
  const frame = element('div', {class: 'chart'});
  const caption = element('figcaption', {'aria-live': 'off'});
  const cloud = new Cloud(page, chartIn(frame), frame, caption, hasDiagonal);
  const choose = (label: string, chosen: string, set: (name: string) => void) =>
    chooser(label, options, chosen, (name) => {
      set(name);
      cloud.draw(x, y);
    }).label;
  const across = choose('Across', x, (name) => {
    x = name;
  });
  const up = choose('Up', y, (name) => {
    y = name;
  });
  queueMicrotask(() => cloud.draw(x, y));
  return element(
    'figure',
    {class: 'panel'},
    element('div', {class: 'panel-head'}, element('h3', {}, 'Against each other'), across, up),
    frame,
    caption,
  );
}

/** The points of two columns. */
class Cloud {
  private xs = new Float64Array(0);
  private ys = new Float64Array(0);
  private rowOf = new Uint32Array(0);
  private near = -1;
  private rest = '';

  constructor(
    private readonly page: Page,
    private readonly chart: Chart,
    private readonly frame: HTMLElement,
    private readonly caption: HTMLElement,
    private readonly hasDiagonal: boolean,
  ) {
    on(frame, {click: () => this.openNear()});
  }

  draw(x: string, y: string): void {
    const [across, up] = [this.page.rows.valuesOf(x), this.page.rows.valuesOf(y)];
    this.rowOf = Uint32Array.from(across.keys()).filter(
      (row) => Number.isFinite(across[row]) && Number.isFinite(up[row]),
    );
    this.xs = Float64Array.from(this.rowOf, (row) => across[row] as number);
    this.ys = Float64Array.from(this.rowOf, (row) => up[row] as number);
    const correlation = pearson(this.xs, this.ys);
    const points = counted(this.rowOf.length, 'row');
    const told = Number.isNaN(correlation) ? points : `${points}, Pearson correlation ${numberText(correlation, 3)}`;
    this.rest = `${told}. A press on a point opens its row; drag to zoom, double-click to go back.`;
    this.caption.textContent = this.rest;
    this.frame.setAttribute('role', 'img');
    this.frame.setAttribute('aria-label', `${y} against ${x}: ${told}. The table of rows has the same numbers.`);
    const hasPoints = this.rowOf.length > 0;
    const [horizontal, vertical] = this.hasDiagonal
      ? [padded([...extent(this.xs), ...extent(this.ys)]), padded([...extent(this.xs), ...extent(this.ys)])]
      : [padded(extent(this.xs)), padded(extent(this.ys))];
    this.chart.draw(
      {
        mode: 2,
        legend: {show: false},
        cursor: {drag: {x: true, y: true, uni: 20}, points: {show: false}},
        scales: {
          x: {time: false, range: zoomed(extent(this.xs), horizontal)},
          y: {range: zoomed(extent(this.ys), vertical)},
        },
        axes: [
          axis(columnTitle(this.page, x), (value) => numberText(value, 4)),
          axis(columnTitle(this.page, y), (value) => numberText(value, 4), {size: 62}),
        ],
        series: [{}, {paths: (plot) => this.paint(plot), points: {show: false}, stroke: () => colour('point')}],
        hooks: {setCursor: [(plot) => this.point(plot)], drawClear: [(plot) => this.diagonal(plot)]},
      },
      // uPlot's types know its first mode only.
      (hasPoints ? [null, [this.xs, this.ys]] : [null, [[], []]]) as unknown as uPlot.AlignedData,
    );
  }

  private paint(plot: uPlot): null {
    const {ctx} = plot;
    const size = Math.max(2, Math.min(7, 90 / Math.sqrt(this.xs.length + 1))) * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    ctx.clip();
    ctx.fillStyle = colour('point');
    ctx.globalAlpha = Math.max(0.15, Math.min(0.85, 30 / Math.sqrt(this.xs.length + 1)));
    for (let i = 0; i < this.xs.length; i++) {
      const left = plot.valToPos(this.xs[i] as number, 'x', true);
      const top = plot.valToPos(this.ys[i] as number, 'y', true);
      if (size < 5) ctx.fillRect(left - size / 2, top - size / 2, size, size);
      else {
        ctx.beginPath();
        ctx.arc(left, top, size / 2, 0, 2 * Math.PI);
        ctx.fill();
      }
    }
    ctx.restore();
    return null;
  }

  /** The line on which both columns have the same number. */
  private diagonal(plot: uPlot): void {
    if (!this.hasDiagonal) return;
    const {min = 0, max = 0} = plot.scales.x ?? {};
    const {ctx} = plot;
    ctx.save();
    ctx.strokeStyle = colour('quiet');
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    for (const end of [min, max])
      ctx.lineTo(plot.valToPos(end as number, 'x', true), plot.valToPos(end as number, 'y', true));
    ctx.stroke();
    ctx.restore();
  }

  private point(plot: uPlot): void {
    const {left = -1, top = -1} = plot.cursor;
    let [nearest, distance] = [-1, REACH * REACH];
    for (let i = 0; left >= 0 && i < this.xs.length; i++) {
      const across = plot.valToPos(this.xs[i] as number, 'x') - left;
      const up = plot.valToPos(this.ys[i] as number, 'y') - top;
      if (across * across + up * up < distance) [nearest, distance] = [i, across * across + up * up];
    }
    this.near = nearest;
    const key = this.page.rows.keys[this.rowOf[nearest] ?? -1];
    plot.over.classList.toggle('pointing', key !== undefined);
    this.caption.textContent =
      key === undefined
        ? this.rest
        : `${key}: ${numberText(this.xs[nearest] as number)} across, ${numberText(this.ys[nearest] as number)} up`;
  }

  private openNear(): void {
    const key = this.page.rows.keys[this.rowOf[this.near] ?? -1];
    if (key !== undefined) this.page.open([key], 0);
  }
}

function extent(values: Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low > high ? [0, 1] : [low, high];
}

function padded(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low || Math.abs(high) || 1) * 0.04;
  return [low - pad, high + pad];
}

/** The range shown: a padded one for all points, else the part that was dragged out. */
function zoomed([lowest, highest]: [number, number], whole: [number, number]): uPlot.Scale.Range {
  return (_plot, low, high) =>
    low === null || high === null || (low === lowest && high === highest) ? whole : [low, high];
}

function pearson(xs: Float64Array, ys: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    const [dx, dy] = [(xs[i] as number) - x, (ys[i] as number) - y];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}
