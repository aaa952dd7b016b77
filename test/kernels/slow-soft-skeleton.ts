type Grid = readonly number[];

/** The soft skeleton of clDice's authors, written as their algorithm: pools of whole maps, one after the other. */
export function slowSoftSkeleton(map: Grid, height: number, width: number, iterations: number): number[] {
  const cross = [
    [0, 0],
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ];
  const square = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dy, dx]));
  const pool = (grid: Grid, shape: number[][], of: (...values: number[]) => number): number[] =>
    grid.map((_, i) => {
      const inside = shape
        .map(([dy = 0, dx = 0]) => [Math.floor(i / width) + dy, (i % width) + dx] as const)
        .filter(([y, x]) => y >= 0 && y < height && x >= 0 && x < width);
      return of(...inside.map(([y, x]) => grid[y * width + x] as number));
    });
  const erode = (grid: Grid) => pool(grid, cross, Math.min);
  const open = (grid: Grid) => pool(erode(grid), square, Math.max);
  const relu = (value: number) => Math.max(0, value);
  const residue = (grid: Grid) => {
    const opened = open(grid);
    return grid.map((value, i) => relu(value - (opened[i] as number)));
  };
  let current = [...map];
  let skeleton = residue(current);
  for (let step = 0; step < iterations; step++) {
    current = erode(current);
    const delta = residue(current);
    skeleton = skeleton.map((value, i) => value + relu((delta[i] as number) - value * (delta[i] as number)));
  }
  return skeleton;
}
