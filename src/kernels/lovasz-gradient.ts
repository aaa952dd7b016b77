/**
 * The gradient of the Lovász extension of the Jaccard loss at `errors`, of each pixel: with the pixels in order of
 * falling error, how much the Jaccard loss rises when a pixel joins those that are wrong. Σ errors·gradient is the
 * extension's value. `positives` is 1 on the pixels of the class. Errors at least 0, ordered to float32.
 *
 * Berman, Triki and Blaschko, "The Lovász-Softmax loss" (2018), algorithm 1.
 */
export function lovaszGradient(errors: ArrayLike<number>, positives: Uint8Array): Float64Array {
  const order = ascendingOrder(errors);
  const gradient = new Float64Array(positives.length);
  const total = positives.reduce((sum, positive) => sum + positive, 0);
  let intersection = total;
  let union = total;
  let previous = 0;
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const i = order[rank] as number;
    if (positives[i]) intersection--;
    else union++;
    const jaccard = 1 - intersection / union;
    gradient[i] = jaccard - previous;
    previous = jaccard;
  }
  return gradient;
}

/** The indices of values at least 0, smallest first. */
function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const {length} = values;
  // A float's bits above its index: as whole numbers of 64 bits they sort natively and as the floats do.
  const keys = new BigUint64Array(length);
  const words = new Uint32Array(keys.buffer);
  const floats = new Float32Array(keys.buffer);
  for (let i = 0; i < length; i++) {
    words[2 * i] = i;
    floats[2 * i + 1] = values[i] as number;
  }
  keys.sort();
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = words[2 * i] as number;
  return order;
}
