/**
 * The pixels of an image file as stored, `[height, width, 3]` in 0..1. A browser would convert the colours of a file with a
 * profile and multiply colours by their opacity; both are switched off here, and an image that is not opaque is refused.
 */
export async function readPixels(tf, blob) {
  const bitmap = await createImageBitmap(blob, {colorSpaceConversion: 'none', premultiplyAlpha: 'none'}).catch(() => {
    throw new Error('no image that this browser can read');
  });
  const {width, height} = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  context.drawImage(bitmap, 0, 0);
  const {data} = context.getImageData(0, 0, width, height);
  const values = new Float32Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (data[4 * pixel + 3] !== 255) throw new Error('the image is not opaque, and losses compare three channels');
    for (let channel = 0; channel < 3; channel++) values[3 * pixel + channel] = data[4 * pixel + channel] / 255;
  }
  return {bitmap, pixels: tf.tensor3d(values, [height, width, 3])};
}
