import type {Pooling} from './graph.js';

/**
 * Which network a loss wants: its name, its weights (`default`; `original` or `torchvision`, whose they are; seeded ones for
 * tests; or a file), its pooling. Weights that do not ship with the package are looked for in the store.
 */
export interface NetworkRequest {
  readonly network: string;
  readonly weights: 'default' | {readonly hashed: number} | string;
  readonly pooling: Pooling;
  /** `weights`: the preprocessing that the weights were trained with; `unit`: pixel values in [0, 1] as they are. */
  readonly input: 'weights' | 'unit';
}
