import type {View} from '../../kernels/view.js';
import type {Preprocessing} from '../graph.js';

/**
 * Writes an image of one or three channels as the network takes it: planes `[3, h, w]`, (value × scale − mean) / std in
 * float64, rounded once. Grey is three equal channels.
 */
export function writePlanes(view: View, {order, scale, mean, std}: Preprocessing, out: Float32Array): void {
  const {data, channels} = view;
  const positions = view.height * view.width;
  for (let plane = 0; plane < 3; plane++) {
    const factor = (view.scale * scale) / (std[plane] as number);
    const shift = (view.offset * scale - (mean[plane] as number)) / (std[plane] as number);
    const start = plane * positions;
    let at = channels === 1 ? 0 : order === 'bgr' ? 2 - plane : plane;
    for (let i = 0; i < positions; i++, at += channels) out[start + i] = (data[at] as number) * factor + shift;
  }
}
