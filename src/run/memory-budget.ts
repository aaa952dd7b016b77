import type {Device} from '../device/device.js';

/** What decoded images that wait may take without a budget. */
const WAITING_BYTES = 512 * 2 ** 20;

/** Bytes that decoding and scoring one image of a pair takes for each of its pixels, in about: as stored, as a view, as maps of the kernels. */
export const BYTES_PER_PIXEL = 64;

/** How the memory that a run may take is shared out, in bytes. */
export interface MemoryBudget {
  /** What was asked for; null for no limit but the device's. */
  readonly total: number | null;
  /** Decoded images that wait for their turn. */
  readonly waiting: number;
  /** The largest image that is decoded, in pixels; infinite without a limit. */
  readonly pixels: number;
  /** Why an image that does not fit is not read in strips, as a clause. */
  readonly whole?: string | undefined;
}

/** Shares out a run's memory: a half for tensors, a quarter for images that wait, a quarter for the pair at hand. */
export function memoryBudget(total: number | null): MemoryBudget {
  if (total === null) return {total, waiting: WAITING_BYTES, pixels: Number.POSITIVE_INFINITY};
  return {total, waiting: Math.min(WAITING_BYTES, total / 4), pixels: Math.floor(total / 4 / BYTES_PER_PIXEL)};
}

/** A device whose batches take no more than the budget's share. */
export function withinBudget(device: Device, {total}: MemoryBudget): Device {
  if (total === null || total / 2 >= device.memoryLimit) return device;
  return {...device, memoryLimit: total / 2, memoryLimitFrom: 'max_memory'};
}
