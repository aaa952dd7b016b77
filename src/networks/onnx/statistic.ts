import type {FeatureTerm} from '../fast-executor.js';

/** What is computed of one image at one layer: its activations, or their Gram matrix. */
export type Statistic = Pick<FeatureTerm, 'layer' | 'statistic'>;

/** A statistic's name, which is the name of its output in a graph. */
export function statisticName({layer, statistic}: Statistic): string {
  return statistic === 'gram' ? `gram of ${layer}` : layer;
}

/** The statistics that some terms need, each once, in one order whatever the order of the terms. */
export function statisticsOf(terms: Iterable<FeatureTerm>): Statistic[] {
  const byName = new Map([...terms].map((term) => [statisticName(term), term] as const));
  return [...byName.keys()].sort().map((name) => byName.get(name) as Statistic);
}
