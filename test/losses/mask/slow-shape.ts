import type {SlowForm, SmallMasks} from './small-masks.js';

type Point = readonly [y: number, x: number];

/** The pixels of a mask that some test holds for. */
function pixels(mask: readonly number[], {width}: SmallMasks, keep: (y: number, x: number) => boolean): Point[] {
  return mask.flatMap((set, i): Point[] => {
    const [y, x] = [Math.floor(i / width), i % width];
    return set && keep(y, x) ? [[y, x]] : [];
  });
}

const at = (mask: readonly number[], {height, width}: SmallMasks, y: number, x: number): number =>
  y >= 0 && y < height && x >= 0 && x < width ? (mask[y * width + x] as number) : 0;

/** Pixels with a background side neighbour, or none. */
function surface(mask: readonly number[], masks: SmallMasks): Point[] {
  return pixels(mask, masks, (y, x) => {
    const sides = [at(mask, masks, y - 1, x), at(mask, masks, y + 1, x), at(mask, masks, y, x - 1)];
    return [...sides, at(mask, masks, y, x + 1)].includes(0);
  });
}

function nearest(from: readonly Point[], to: readonly Point[], [sy, sx]: Point = [1, 1]): number[] {
  return from.map(([y, x]) => Math.min(...to.map(([v, u]) => Math.hypot(sy * (y - v), sx * (x - u)))));
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)] as number, sorted[Math.ceil(rank)] as number];
  return low + (rank - Math.floor(rank)) * (high - low);
}

const empty = (mask: readonly number[]): boolean => !mask.includes(1);

/** A slow form where both masks have pixels; `one` where one is empty, undefined where both are. */
function onMasks(one: number, form: SlowForm): SlowForm {
  return (masks) => {
    if (empty(masks.pred) && empty(masks.target)) return Number.NaN;
    return empty(masks.pred) || empty(masks.target) ? one : form(masks);
  };
}

function both(masks: SmallMasks, spacing?: Point): [number[], number[]] {
  const [pred, target] = [surface(masks.pred, masks), surface(masks.target, masks)];
  return [nearest(pred, target, spacing), nearest(target, pred, spacing)];
}

export const slowHausdorff = (percent: number, spacing?: Point): SlowForm =>
  onMasks(Infinity, (masks) => Math.max(...both(masks, spacing).map((distances) => percentile(distances, percent))));

export const slowAssd = (spacing?: Point): SlowForm =>
  onMasks(Infinity, (masks) => {
    const pooled = both(masks, spacing).flat();
    return pooled.reduce((sum, distance) => sum + distance, 0) / pooled.length;
  });

export const slowSurfaceDice = (tolerance: number): SlowForm =>
  onMasks(0, (masks) => {
    const pooled = both(masks).flat();
    return pooled.filter((distance) => distance <= tolerance).length / pooled.length;
  });

export const slowBoundaryIou = (dilation: number): SlowForm =>
  onMasks(0, (masks) => {
    const near = Array.from({length: 2 * dilation + 1}, (_, k) => k - dilation);
    const band = (mask: readonly number[]) =>
      pixels(mask, masks, (y, x) => near.some((dy) => near.some((dx) => at(mask, masks, y + dy, x + dx) === 0)));
    const names = (points: readonly Point[]) => new Set(points.map(String));
    const [pred, target] = [names(band(masks.pred)), names(band(masks.target))];
    const shared = [...pred].filter((name) => target.has(name)).length;
    return shared / (pred.size + target.size - shared);
  });

export const slowBoundaryF = (tolerance: number): SlowForm =>
  onMasks(0, (masks) => {
    const ahead: readonly Point[] = [
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const map = (mask: readonly number[]) =>
      pixels(Array(mask.length).fill(1), masks, (y, x) =>
        ahead.some(
          ([dy, dx]) =>
            y + dy < masks.height && x + dx < masks.width && at(mask, masks, y + dy, x + dx) !== at(mask, masks, y, x),
        ),
      );
    const [pred, target] = [map(masks.pred), map(masks.target)];
    if (pred.length === 0 && target.length === 0) return Number.NaN;
    if (pred.length === 0 || target.length === 0) return 0;
    const share = (distances: readonly number[]) => distances.filter((d) => d <= tolerance).length / distances.length;
    return harmonic(share(nearest(pred, target)), share(nearest(target, pred)));
  });

/** 2ab / (a + b), 0 where both are 0. */
export function harmonic(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}
