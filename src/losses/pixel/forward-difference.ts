import type {View} from '../../kernels/view.js';

/**
 * Visits every element of an image with its forward differences along x and y, in float64: zero past the edge,
 * and zero where either pixel is invalid. Differences of stored integers are exact before they are scaled.
 */
export function forEachDifference(
  {data, scale, height, width, channels}: View,
  valid: Uint8Array | null,
  visit: (pixel: number, element: number, dx: number, dy: number) => void,
): void {
  const stride = width * channels;
  for (let pixel = 0; pixel < height * width; pixel++) {
    const right = (pixel + 1) % width !== 0 && bothValid(valid, pixel, pixel + 1);
    const down = pixel + width < height * width && bothValid(valid, pixel, pixel + width);
    for (let i = pixel * channels; i < (pixel + 1) * channels; i++) {
      const value = data[i] as number;
      const dx = right ? ((data[i + channels] as number) - value) * scale : 0;
      const dy = down ? ((data[i + stride] as number) - value) * scale : 0;
      visit(pixel, i, dx, dy);
    }
  }
}

function bothValid(valid: Uint8Array | null, one: number, other: number): boolean {
  return valid === null || (valid[one] === 1 && valid[other] === 1);
}
