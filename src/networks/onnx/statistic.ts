import type {FeatureTerm} from '../fast-executor.js';

/** What is computed of one image at one layer: its Gram matrix, or its activations, which every other term is made of. */
export interface Statistic {
  readonly layer: string;
  readonly statistic: 'features' | 'gram';
}

/** The statistic that a term needs of both its images. */
export function statisticOf({layer, statistic}: FeatureTerm): Statistic {
  return {layer, statistic: statistic === 'gram' ? 'gram' : 'features'};
}

/** A statistic's name, which is the name of its output in a graph. */
export function statisticName({layer, statistic}: Statistic): string {
  return statistic === 'gram' ? `gram of ${layer}` : layer;
}

/** The statistics that some terms need, each once, in one order whatever the order of the terms. */
export function statisticsOf(terms: Iterable<FeatureTerm>): Statistic[] {
  const byName = new Map([...terms].map(statisticOf).map((statistic) => [statisticName(statistic), statistic]));
  return [...byName.keys()].sort().map((name) => byName.get(name) as Statistic);
}
