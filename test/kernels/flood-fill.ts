/** The Betti numbers of a mask by flood fill: pieces, and pieces of background that the outside does not reach. */
export function floodBetti(mask: ArrayLike<number>, height: number, width: number, connectivity: 4 | 8) {
  const foreground = Array.from(mask, Number);
  return {
    beta0: pieces(foreground, height, width, connectivity).length,
    beta1: pieces(
      foreground.map((set) => 1 - set),
      height,
      width,
      connectivity === 8 ? 4 : 8,
    ).filter((piece) => !piece.some((i) => onBorder(i, height, width))).length,
  };
}

/** The pixels of each connected piece. */
function pieces(mask: readonly number[], height: number, width: number, connectivity: 4 | 8): number[][] {
  const open = new Set(mask.flatMap((set, i) => (set ? [i] : [])));
  const found: number[][] = [];
  for (const start of mask.keys()) {
    if (!open.delete(start)) continue;
    const piece = [start];
    for (const i of piece) {
      for (const j of around(i, height, width, connectivity)) if (open.delete(j)) piece.push(j);
    }
    found.push(piece);
  }
  return found;
}

function around(i: number, height: number, width: number, connectivity: 4 | 8): number[] {
  const near = [-1, 0, 1];
  return near
    .flatMap((dy) => near.map((dx) => [dy, dx] as const))
    .filter(([dy, dx]) => (connectivity === 8 ? dy !== 0 || dx !== 0 : Math.abs(dy) + Math.abs(dx) === 1))
    .map(([dy, dx]) => [Math.floor(i / width) + dy, (i % width) + dx] as const)
    .filter(([y, x]) => y >= 0 && y < height && x >= 0 && x < width)
    .map(([y, x]) => y * width + x);
}

function onBorder(i: number, height: number, width: number): boolean {
  const [y, x] = [Math.floor(i / width), i % width];
  return y === 0 || x === 0 || y === height - 1 || x === width - 1;
}
