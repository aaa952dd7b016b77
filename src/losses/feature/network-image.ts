import {SampleError} from '../../errors.js';
import type {PixelData, View} from '../../kernels/view.js';
import type {SampleViews, ViewOptions} from '../sample-contract.js';

/**
 * A role's image as networks take it: values in [0, 1] whatever the loss's `range`; `resized` to the sample's size
 * where that is asked. Throws SampleError `channels` where it has neither one nor three.
 */
export function networkImage(
  sample: SampleViews,
  role: string,
  {range: [low, high]}: Pick<ViewOptions, 'range'>,
  {resized = false} = {},
): View {
  const view = resized ? sample.resized(role) : sample.view(role);
  if (view.channels !== 1 && view.channels !== 3) {
    throw new SampleError('channels', `${role} has ${view.channels} channels, a network takes images of 1 or 3`);
  }
  if (low === 0 && high === 1) return view;
  return {...view, scale: view.scale / (high - low), offset: (view.offset - low) / (high - low)};
}

/** The view with 0 for what is no finite number where a pixel is not valid: such a value would spread through sums. */
export function withoutInvalid(view: View, valid: Uint8Array | null): View {
  if (valid === null || view.integer) return view;
  const {data, channels, offset, scale} = view;
  const wrong = (i: number) => !Number.isFinite(data[i]) && valid[Math.floor(i / channels)] === 0;
  let copy: PixelData | null = null;
  for (let i = 0; i < data.length; i++) {
    if (!wrong(i)) continue;
    copy ??= data.slice();
    copy[i] = -offset / scale;
  }
  return copy ? {...view, data: copy} : view;
}

/** Writes an image to `out`, 0 where a pixel is not valid. */
export function fillImage({data, scale, offset, channels}: View, valid: Uint8Array | null, out: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const kept = valid === null || valid[Math.floor(i / channels)] === 1;
    out[i] = kept ? (data[i] as number) * scale + offset : 0;
  }
}
