/**
 * What a file's values mean. `pixels`, `scores` and `weights` are quantities; `labels` and `instances` are ids,
 * which nothing may mix or scale.
 */
export type Reading = 'pixels' | 'labels' | 'scores' | 'instances' | 'weights';

/** Whether the values are ids. */
export function readsIds(reading: Reading): boolean {
  return reading === 'labels' || reading === 'instances';
}
