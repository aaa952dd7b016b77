/** An image to look at: 8 bits a channel, red, green, blue, row-major. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  /** Length 3·h·w. */
  readonly data: Uint8Array;
}

/** A picture whose pixels are made one by one; `colour` writes three levels at `at`. */
export function paint(
  {height, width}: {readonly height: number; readonly width: number},
  colour: (pixel: number, out: Uint8Array, at: number) => void,
): Picture {
  const data = new Uint8Array(3 * height * width);
  for (let pixel = 0, at = 0; at < data.length; pixel++, at += 3) colour(pixel, data, at);
  return {height, width, data};
}
