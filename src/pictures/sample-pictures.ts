import type {Raster} from '../images/raster.js';
import {type LabelPair, maskPicture, overlayPicture} from './mask-picture.js';
import {differencePicture, levelsOf, photoPicture} from './photo-picture.js';
import type {Picture} from './picture.js';

/** The pictures of a sample itself. */
export interface SamplePictures {
  readonly pred?: Picture;
  readonly target?: Picture;
  readonly difference?: Picture;
  readonly overlay?: Picture;
}

/**
 * Prediction and target as they are looked at: masks in the colours of their classes with an overlay of what is wrong,
 * other images with their difference, where they have one size. `colourOf` a class id is 0xrrggbb.
 */
export function samplePictures(
  {pred, target}: {readonly pred: Raster | null; readonly target: Raster | null},
  labels: LabelPair | null,
  colourOf: (id: number) => number,
): SamplePictures {
  if (labels) {
    return {
      pred: maskPicture(labels, 'pred', colourOf),
      target: maskPicture(labels, 'target', colourOf),
      overlay: overlayPicture(labels, colourOf),
    };
  }
  const levels = levelsOf([pred, target].filter((raster) => raster !== null));
  return {
    ...(pred && {pred: photoPicture(pred, levels)}),
    ...(target && {target: photoPicture(target, levels)}),
    ...(pred && target && alike(pred, target) && {difference: differencePicture(pred, target, levels)}),
  };
}

function alike(one: Raster, other: Raster): boolean {
  return (
    one.height === other.height &&
    one.width === other.width &&
    one.channels === other.channels &&
    one.maximum === other.maximum
  );
}
