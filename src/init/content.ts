import type {Look, SideLook} from './look.js';
import {LEFT_OUT} from './values.js';

/** What a dataset holds, by the values of its files. */
export type Content =
  /** `range`: the interval of float files that leave [0, 1]. */
  | {readonly kind: 'photos'; readonly range: readonly [number, number] | null}
  /** Scores of classes against a label map or masks. */
  | {readonly kind: 'scores'; readonly input: 'probabilities' | 'logits'; readonly classes: number}
  /** 0 and one other value on both sides. `maximum`: that of the integer type, where the other value is 1; else null. */
  | {readonly kind: 'masks'; readonly maximum: number | null}
  /** Class ids on both sides. `classes`: one more than the largest, 255 aside. */
  | {readonly kind: 'labels'; readonly classes: number};

/** What kind of data was seen; photographs where nothing says otherwise. */
export function contentOf({pred, target}: Look): Content {
  const truth = truthOf(target);
  const {values} = pred;
  if (truth === null || values.images === 0) return {kind: 'photos', range: rangeOf(pred, target)};
  if (truth === 'binary' && values.binary) {
    const ones = Math.max(values.max, target.values.max) === 1 && values.integer && values.maximum > 1;
    return {kind: 'masks', maximum: ones ? values.maximum : null};
  }
  const scores = scoresOf(pred, truth);
  if (scores) return scores;
  if (values.binary || values.labels(hasPalette(pred))) return {kind: 'labels', classes: classesOf(pred, target)};
  return {kind: 'photos', range: rangeOf(pred, target)};
}

/** `binary` masks, `labels` of several classes, or null. */
function truthOf(side: SideLook): 'binary' | 'labels' | null {
  const {values} = side;
  if (values.binary && values.ids?.length === 2) return 'binary';
  return values.labels(hasPalette(side)) ? 'labels' : null;
}

function scoresOf(side: SideLook, truth: 'binary' | 'labels'): Content | null {
  const {channels, integer, min, max, sumToOne} = side.values;
  if (channels > 1) {
    if (sumToOne) return {kind: 'scores', input: 'probabilities', classes: channels};
    return integer ? null : {kind: 'scores', input: 'logits', classes: channels};
  }
  if (truth === 'labels' || hasPalette(side)) return null;
  const isProbability = integer || (min >= 0 && max <= 1);
  return {kind: 'scores', input: isProbability ? 'probabilities' : 'logits', classes: 2};
}

function hasPalette({headers}: SideLook): boolean {
  return headers.some(({palette}) => palette);
}

function classesOf(pred: SideLook, target: SideLook): number {
  const ids = [pred, target].flatMap(({values}) => values.ids ?? []);
  return 1 + Math.max(1, ...ids.filter((id) => id !== LEFT_OUT));
}

function rangeOf(pred: SideLook, target: SideLook): readonly [number, number] | null {
  const floats = [pred.values, target.values].filter(({images, integer}) => images > 0 && !integer);
  const min = Math.min(...floats.map((values) => values.min));
  const max = Math.max(...floats.map((values) => values.max));
  if (floats.length === 0 || (min >= 0 && max <= 1)) return null;
  if (min >= -1 && max <= 1) return [-1, 1];
  return min >= 0 && max <= 255 ? [0, 255] : null;
}
