import type {Side, SizePair} from './look.js';

/** How the sizes of predictions and targets relate. */
export type SizeRelation =
  | {readonly kind: 'same'}
  /** One side is `factor` times as wide and high as the other. */
  | {readonly kind: 'factor'; readonly larger: Side; readonly factor: number}
  /** One side has so many columns and rows more. */
  | {readonly kind: 'border'; readonly larger: Side; readonly columns: number; readonly rows: number}
  | {readonly kind: 'differ'};

/** The one relation of all pairs; pairs of equal size are passed over unless all are. */
export function relateSizes(pairs: readonly SizePair[]): SizeRelation {
  const differing = pairs.filter(({pred, target}) => pred.width !== target.width || pred.height !== target.height);
  const [first, ...rest] = differing;
  if (!first) return {kind: 'same'};
  for (const relate of [byFactor, byBorder]) {
    const relation = relate(first);
    if (relation && rest.every((pair) => JSON.stringify(relate(pair)) === JSON.stringify(relation))) return relation;
  }
  return {kind: 'differ'};
}

function inOrder({pred, target}: SizePair) {
  const larger: Side = pred.width > target.width || pred.height > target.height ? 'pred' : 'target';
  return larger === 'pred' ? {larger, large: pred, small: target} : {larger, large: target, small: pred};
}

function byFactor(pair: SizePair): SizeRelation | null {
  const {larger, large, small} = inOrder(pair);
  const factor = large.width / small.width;
  return Number.isInteger(factor) && factor === large.height / small.height ? {kind: 'factor', larger, factor} : null;
}

function byBorder(pair: SizePair): SizeRelation | null {
  const {larger, large, small} = inOrder(pair);
  const [columns, rows] = [large.width - small.width, large.height - small.height];
  return columns < 0 || rows < 0 ? null : {kind: 'border', larger, columns, rows};
}
