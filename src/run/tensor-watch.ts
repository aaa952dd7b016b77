import type {Device} from '../device/device.js';

/** Runs whose tensors live on a device now: those of one cannot be told from those of another. */
let alive = 0;

/**
 * Counts a device's tensors before a run; the function that comes back counts them after it. A run gives back every one:
 * CV_LOSS_LEAKS=error, which the tests set, makes one that is left an error.
 */
export function watchTensors({name, countTensors}: Pick<Device, 'name' | 'countTensors'>): () => void {
  if (!countTensors) return () => undefined;
  alive++;
  let alone = alive === 1;
  const before = countTensors();
  return () => {
    alone &&= alive === 1;
    alive--;
    const left = countTensors() - before;
    if (left > 0 && alone && process.env.CV_LOSS_LEAKS === 'error') {
      throw new Error(`the run left ${left} ${left === 1 ? 'tensor' : 'tensors'} on device ${name}`);
    }
  };
}
