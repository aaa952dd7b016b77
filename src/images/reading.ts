/**
 * What a file's values mean. `pixels`, `scores` and `weights` are quantities; `labels` and `instances` are ids,
 * which nothing may mix or scale. `mask` is either: ids where the file holds one integer a pixel, else scores.
 */
export type Reading = 'pixels' | 'labels' | 'scores' | 'instances' | 'weights' | 'mask';

/** Whether the values are ids. */
export function readsIds(reading: Reading): boolean {
  return reading === 'labels' || reading === 'instances' || reading === 'mask';
}
