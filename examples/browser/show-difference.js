/** Draws the mean absolute difference of each pixel, dark where the images are equal, bright at a quarter of the range. */
export function showDifference(canvas, x, y) {
  const [height, width] = x.shape;
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  const picture = context.createImageData(width, height);
  const [a, b] = [x.dataSync(), y.dataSync()];
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = 3 * pixel;
    const difference = Math.abs(a[at] - b[at]) + Math.abs(a[at + 1] - b[at + 1]) + Math.abs(a[at + 2] - b[at + 2]);
    const level = Math.min(1, (4 * difference) / 3);
    picture.data.set(
      [255 * Math.min(1, 1.6 * level), 255 * level ** 1.3 * 0.9, 255 * (0.16 + 0.5 * level ** 3), 255],
      4 * pixel,
    );
  }
  context.putImageData(picture, 0, 0);
}
