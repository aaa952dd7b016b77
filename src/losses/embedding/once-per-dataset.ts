import type {VectorDataset} from '../dataset-contract.js';

const made = new WeakMap<VectorDataset, Map<string, unknown>>();

/** What `make` gives for a dataset and a name, computed once and shared by the losses of a run. */
export function oncePerDataset<T>(dataset: VectorDataset, name: string, make: () => T): T {
  const ofDataset = made.get(dataset) ?? new Map<string, unknown>();
  made.set(dataset, ofDataset);
  if (!ofDataset.has(name)) ofDataset.set(name, make());
  return ofDataset.get(name) as T;
}
