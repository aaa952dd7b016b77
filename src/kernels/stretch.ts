/** One channel, row-major. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/**
 * A plane at another size, each new pixel the mean of what it covers of the old ones, which are flat: the mean of the
 * whole stays the same whatever the sizes are.
 */
export function stretch(plane: Plane, height: number, width: number): Plane {
  const wide = alongRows(plane, width);
  const tall = alongRows(transposed(wide), height);
  return transposed(tall);
}

function alongRows({height, width, data}: Plane, newWidth: number): Plane {
  const out = new Float64Array(height * newWidth);
  const ratio = width / newWidth;
  for (let column = 0; column < newWidth; column++) {
    const [from, to] = [column * ratio, Math.min(width, (column + 1) * ratio)];
    for (let old = Math.floor(from); old < to; old++) {
      const share = (Math.min(to, old + 1) - Math.max(from, old)) / ratio;
      if (share <= 0) continue;
      for (let row = 0; row < height; row++) {
        const at = row * newWidth + column;
        out[at] = (out[at] as number) + share * (data[row * width + old] as number);
      }
    }
  }
  return {height, width: newWidth, data: out};
}

function transposed({height, width, data}: Plane): Plane {
  const out = new Float64Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) out[column * height + row] = data[row * width + column] as number;
  }
  return {height: width, width: height, data: out};
}
