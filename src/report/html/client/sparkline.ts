import {svg} from './dom.js';
import {histogramOf} from './histogram.js';
import {countText, numberText} from './number-text.js';

const [WIDTH, HEIGHT] = [112, 26];

/** A small histogram of a column, with a line at the median. */
export function sparkline(values: Float64Array, median: number): SVGSVGElement | null {
  // A few rows make a few bars.
  const bins = Math.max(10, Math.min(28, Math.ceil(2 * Math.sqrt(values.length))));
  const histogram = histogramOf(values, bins);
  if (!histogram) return null;
  const {low, high, counts} = histogram;
  const most = Math.max(...counts);
  const step = WIDTH / bins;
  const bars = [...counts].flatMap((count, bin) => {
    if (count === 0) return [];
    // One row in a hundred thousand is still seen.
    const height = Math.max(1.5, (count / most) * (HEIGHT - 2));
    return [svg('rect', {x: bin * step, y: HEIGHT - height, width: step - 0.8, height})];
  });
  const at = ((median - low) / (high - low)) * WIDTH;
  const mark = Number.isFinite(at) && svg('line', {x1: at, x2: at, y1: 0, y2: HEIGHT, class: 'mark'});
  const label = `Histogram from ${numberText(low)} to ${numberText(high)}, at most ${countText(most)} in a bar, median ${numberText(median)}`;
  return svg(
    'svg',
    {
      class: 'sparkline',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
      'aria-label': label,
    },
    ...bars,
    mark,
  );
}
