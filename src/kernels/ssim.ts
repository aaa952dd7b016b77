import {BoxMean} from './box-mean.js';
import {PairMemo} from './pair-memo.js';
import {type ImagePair, type RowPair, rowPairs} from './row-pair.js';
import {shrink} from './shrink.js';
import {ssimBlockMeans} from './ssim-blocks.js';
import {type SsimConstants, type SsimMeans, SsimWindows} from './ssim-windows.js';

/** Means over the windows of images of which every pixel counts: SSIM and MS-SSIM have the finest scale in common. */
const FINEST = new PairMemo<SsimMeans>();

/**
 * SSIM of two images, each first shrunk by `factor` (f×f means, remainder dropped), per channel.
 * The shrunk images must not be smaller than the window.
 */
export function ssimMeans(pair: ImagePair, constants: SsimConstants, factor: number): SsimMeans {
  if (countsEverywhere(pair)) {
    const {pred, target} = pair;
    if (factor === 1) return finestMeans(pair, constants);
    return ssimBlockMeans(shrink(pred, factor, 'drop'), shrink(target, factor, 'drop'), constants);
  }
  const shape = rowShape(pair);
  const box = factor > 1 ? new BoxMean({...shape, factor, remainder: 'drop'}) : null;
  const windows = new SsimWindows({...shape, width: box?.width ?? shape.width}, constants);
  for (const row of rowPairs(pair, constants.centre)) {
    const coarse = box ? box.push(row) : row;
    if (coarse) windows.push(coarse);
  }
  return windows.means();
}

/**
 * SSIM of two images at `scales` scales, the finest first: each next one halves the last by 2×2 means, and an odd
 * side's last row or column stands alone (the same as repeating it). The coarsest must not be smaller than the window.
 */
export function multiScaleSsimMeans(pair: ImagePair, constants: SsimConstants, scales: number): SsimMeans[] {
  return countsEverywhere(pair) ? blockScales(pair, constants, scales) : rowScales(pair, constants, scales);
}

function countsEverywhere({valid, weights}: ImagePair): boolean {
  return valid === null && weights === null;
}

function finestMeans({pred, target}: ImagePair, constants: SsimConstants): SsimMeans {
  const name = [constants.c1, constants.c2, constants.centre].join(' ');
  return FINEST.of(pred, target, name, () => ssimBlockMeans(pred, target, constants));
}

/** One scale after another, each image of sums whole. */
function blockScales(pair: ImagePair, constants: SsimConstants, scales: number): SsimMeans[] {
  const means = [finestMeans(pair, constants)];
  let {pred, target} = pair;
  while (means.length < scales) {
    [pred, target] = [shrink(pred, 2, 'repeat'), shrink(target, 2, 'repeat')];
    means.push(ssimBlockMeans(pred, target, constants));
  }
  return means;
}

/** All scales at once, row by row. */
function rowScales(pair: ImagePair, constants: SsimConstants, scales: number): SsimMeans[] {
  const shape = rowShape(pair);
  let {width} = shape;
  const levels = Array.from({length: scales}, () => {
    const level = {
      windows: new SsimWindows({...shape, width}, constants),
      half: new BoxMean({...shape, width, factor: 2, remainder: 'mean'}),
    };
    width = level.half.width;
    return level;
  });
  const push = (row: RowPair | null, from: number) => {
    let next = row;
    for (let scale = from; next && scale < scales; scale++) {
      levels[scale]?.windows.push(next);
      next = levels[scale]?.half.push(next) ?? null;
    }
  };
  for (const row of rowPairs(pair, constants.centre)) push(row, 0);
  levels.forEach(({half}, scale) => {
    push(half.end(), scale + 1);
  });
  return levels.map(({windows}) => windows.means());
}

function rowShape({pred, valid, weights}: ImagePair) {
  return {width: pred.width, channels: pred.channels, masked: valid !== null, weighted: weights !== null};
}
