/**
 * The colour of a class id, 0xrrggbb, as PASCAL VOC colours its masks: the bits of the id, three at a time, fill red, green
 * and blue from the top bit down. 0, the background, is black.
 */
function vocColour(id: number): number {
  let [red, green, blue] = [0, 0, 0];
  for (let bit = 7, rest = id & 0xffffff; rest > 0 && bit >= 0; bit--, rest >>= 3) {
    red |= (rest & 1) << bit;
    green |= ((rest >> 1) & 1) << bit;
    blue |= ((rest >> 2) & 1) << bit;
  }
  return (red << 16) | (green << 8) | blue;
}

/** The colour of each class id: that of the palette of the masks, else PASCAL VOC's. */
export function classColours(palette: ReadonlyMap<number, number> | null): (id: number) => number {
  const own = new Map(Array.from(palette ?? [], ([colour, id]) => [id, colour]));
  return (id) => own.get(id) ?? vocColour(id);
}
