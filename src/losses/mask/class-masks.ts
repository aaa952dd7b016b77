import {IGNORED} from '../pixel/class-labels.js';
import {eachRun} from './label-runs.js';
import type {HardMasks} from './masks.js';

/** Prediction and target of one class, cut to the box of both with a margin of one pixel where the image has it. */
export interface MaskPair {
  /** 1 where the class is, row-major. Ignored pixels are background in both. */
  readonly pred: Uint8Array;
  readonly target: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly predEmpty: boolean;
  readonly targetEmpty: boolean;
  /** Length of the whole image's diagonal, in pixels. */
  readonly diagonal: number;
}

/** The masks of the classes that a sample holds. */
export interface ClassMasks {
  /** Whether no pixel is valid. */
  readonly ignored: boolean;
  /** The masks of the class of that index (binary: 1 is the foreground); null when neither mask holds it. */
  pair(index: number): MaskPair | null;
}

/** Splits label maps into masks, one class at a time, so that one class's masks are in memory at once. */
export function classMasks(masks: HardMasks): ClassMasks {
  const made = known.get(masks) ?? split(masks);
  known.set(masks, made);
  return made;
}

/** What several losses share: the boxes, and the class that was split off last, in a binary run the only one. */
const known = new WeakMap<HardMasks, ClassMasks>();

function split(masks: HardMasks): ClassMasks {
  const boxes = classBoxes(masks);
  let last: {readonly index: number; readonly pair: MaskPair} | null = null;
  return {
    ignored: boxes.every(({bottom}) => bottom < 0),
    pair(index) {
      if (last?.index === index) return last.pair;
      const box = boxes[index];
      if (!box || box.bottom < 0) return null;
      last = {index, pair: cut(masks, index, box)};
      return last.pair;
    },
  };
}

interface Box {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** For each class the box of its pixels in both label maps; `bottom` is −1 where there are none. */
function classBoxes(masks: HardMasks): Box[] {
  const {classes, height, width} = masks;
  const count = classes?.length ?? 2;
  const boxes = Array.from({length: count}, () => ({top: height, left: width, bottom: -1, right: -1}));
  eachRun(masks, (truth, said, y, from, to) => {
    widen(boxes[truth] as Box, y, from, to - 1);
    if (said !== truth) widen(boxes[said] as Box, y, from, to - 1);
  });
  return boxes;
}

function widen(box: Box, y: number, left: number, right: number): void {
  box.top = Math.min(box.top, y);
  box.bottom = y;
  box.left = Math.min(box.left, left);
  box.right = Math.max(box.right, right);
}

function cut(masks: HardMasks, index: number, box: Box): MaskPair {
  const top = Math.max(0, box.top - 1);
  const left = Math.max(0, box.left - 1);
  const height = Math.min(masks.height, box.bottom + 2) - top;
  const width = Math.min(masks.width, box.right + 2) - left;
  const pred = new Uint8Array(height * width);
  const target = new Uint8Array(height * width);
  const {pred: said, target: truth} = masks;
  let [anyPred, anyTarget] = [false, false];
  for (let y = 0; y < height; y++) {
    const from = (top + y) * masks.width + left;
    const to = y * width;
    for (let x = 0; x < width; x++) {
      const label = truth[from + x];
      if (label === index) {
        target[to + x] = 1;
        anyTarget = true;
      }
      if (said[from + x] === index && label !== IGNORED) {
        pred[to + x] = 1;
        anyPred = true;
      }
    }
  }
  const diagonal = Math.hypot(masks.height, masks.width);
  return {pred, target, height, width, diagonal, predEmpty: !anyPred, targetEmpty: !anyTarget};
}
