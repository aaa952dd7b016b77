import {readFileSync} from 'node:fs';

/** A pair of small masks and what other software gives for it. */
export interface GeometryCase {
  readonly height: number;
  readonly width: number;
  readonly pred: Uint8Array;
  readonly target: Uint8Array;
  /** Of pred. */
  readonly skeleton: Uint8Array;
  readonly spacing: readonly [number, number];
  readonly surface: Readonly<Record<'hausdorff' | 'hausdorff-95' | 'assd' | 'surface-dice-1.5', number>>;
  readonly 'cl-dice': number;
  readonly dilation: number;
  readonly 'boundary-iou': number;
  readonly radius: number;
  /** Null where neither mask has a boundary. */
  readonly 'boundary-f': number | null;
  /** [beta0, beta1] of pred and of target. */
  readonly betti: Readonly<Record<'8/4' | '4/8', readonly (readonly [number, number])[]>>;
}

/** What it gives for the pairs of masks/. */
export interface GeometryOfImages {
  readonly skeleton_sha256: Readonly<Record<'pred' | 'target', string>>;
  readonly 'cl-dice': number;
  readonly 'boundary-iou': number;
  readonly 'boundary-f': number;
}

/** fixtures/mask-geometry.json; `dataset` is of counts summed over all pairs of masks/, the empty ones among them. */
export function maskGeometry(): {
  cases: GeometryCase[];
  masks: Readonly<Record<string, GeometryOfImages>>;
  dataset: Readonly<Record<'boundary-iou' | 'boundary-f', number>>;
} {
  const file = new URL('../../fixtures/mask-geometry.json', import.meta.url);
  const {cases, masks, dataset} = JSON.parse(readFileSync(file, 'utf8'));
  const bits = (text: string) => Uint8Array.from(text, Number);
  return {
    masks,
    dataset,
    cases: cases.map((one: Record<'pred' | 'target' | 'skeleton', string>) => ({
      ...one,
      pred: bits(one.pred),
      target: bits(one.target),
      skeleton: bits(one.skeleton),
    })),
  };
}
