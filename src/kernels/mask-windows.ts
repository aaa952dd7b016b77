/** A map of ones and zeros, row-major. */
export interface Mask {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** Windows along one side: window i covers the places i·stride − padding + k·dilation, k = 0 … kernel − 1. */
export interface Windows {
  /** How many there are. */
  readonly count: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Places before the first that do not exist. */
  readonly padding: number;
}

/** The least value in each window, `[rows.count, columns.count]`; places outside of the mask are left out. */
export function leastInWindows(mask: Mask, rows: Windows, columns: Windows): Mask {
  return alongColumns(alongRows(mask, columns), rows);
}

function alongRows({data, height, width}: Mask, windows: Windows): Mask {
  const out = new Uint8Array(height * windows.count);
  for (let x = 0; x < windows.count; x++) {
    const places = placesOf(windows, x, width);
    for (let y = 0; y < height; y++) {
      let least = 1;
      for (const place of places) least &= data[y * width + place] as number;
      out[y * windows.count + x] = least;
    }
  }
  return {data: out, height, width: windows.count};
}

function alongColumns({data, height, width}: Mask, windows: Windows): Mask {
  const out = new Uint8Array(windows.count * width).fill(1);
  for (let y = 0; y < windows.count; y++) {
    for (const place of placesOf(windows, y, height)) {
      for (let x = 0; x < width; x++) {
        out[y * width + x] = (out[y * width + x] as number) & (data[place * width + x] as number);
      }
    }
  }
  return {data: out, height: windows.count, width};
}

function placesOf({kernel, stride, dilation, padding}: Windows, i: number, side: number): number[] {
  const places: number[] = [];
  for (let k = 0; k < kernel; k++) {
    const place = i * stride - padding + k * dilation;
    if (place >= 0 && place < side) places.push(place);
  }
  return places;
}
