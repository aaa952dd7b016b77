import uPlot from 'uplot';
import {colour, onColours} from './theme.js';

/** A chart in its frame. */
export interface Chart {
  /** Draws another content. */
  draw(options: Omit<uPlot.Options, 'width' | 'height'>, data: uPlot.AlignedData): void;
  readonly plot: () => uPlot | null;
}

const HEIGHT = 300;

/** A place for a chart, as wide as its frame. It is drawn again when colours change. */
export function chartIn(frame: HTMLElement, height = HEIGHT): Chart {
  let plot: uPlot | null = null;
  let shown: Parameters<Chart['draw']> | null = null;
  const width = () => Math.max(200, Math.floor(frame.clientWidth));
  const render = () => {
    plot?.destroy();
    if (shown) plot = new uPlot({...shown[0], width: width(), height}, shown[1], frame);
  };
  onColours(render);
  new ResizeObserver(() => {
    if (plot && plot.width !== width()) plot.setSize({width: width(), height});
  }).observe(frame);
  return {
    draw(options, data) {
      shown = [options, data];
      render();
    },
    plot: () => plot,
  };
}

const FONT = '12px system-ui, sans-serif';

/** An axis in the colours of the page. */
export function axis(label: string, values: (value: number) => string, more: Partial<uPlot.Axis> = {}): uPlot.Axis {
  return {
    label,
    labelFont: FONT,
    labelSize: label === '' ? 0 : 20,
    labelGap: 0,
    size: 34,
    font: FONT,
    stroke: () => colour('quiet'),
    grid: {stroke: () => colour('line'), width: 1},
    ticks: {stroke: () => colour('line'), width: 1, size: 4},
    values: (_plot, splits) => splits.map((split) => (split === null ? '' : values(split))),
    ...more,
  };
}
