import {UsageError} from '../../errors.js';
import type {FeatureNetwork, NetworkRequest, OwnNetwork} from '../../losses/network-contract.js';
import {type OwnFeatureNetwork, type OwnNetworkOptions, openOwnNetwork} from './open.js';
import type {OpenedModel} from './opened.js';

/** The models of the user's own that a run takes as networks. Equal requests share one. */
export class OwnNetworks {
  readonly #entries = new Map<string, Promise<OwnFeatureNetwork>>();
  readonly #opened: OwnFeatureNetwork[] = [];

  constructor(private readonly options: OwnNetworkOptions) {}

  /** Throws UsageError for weights or a pooling beside the model, and for a model that does not work. */
  async open(own: OwnNetwork, {weights, pooling, input}: NetworkRequest): Promise<FeatureNetwork> {
    const beside = weights !== 'default' ? 'weights' : pooling !== 'max' ? 'pooling' : null;
    if (beside)
      throw new UsageError('CVL-C020', `network is a model of your own, which has its own ${beside}; remove ${beside}`);
    const key = JSON.stringify([own, input]);
    const entry = this.#entries.get(key) ?? this.#open(own, input);
    this.#entries.set(key, entry);
    return (await entry).network;
  }

  /** What was opened, in the order in which it was. */
  opened(): readonly OpenedModel[] {
    return this.#opened.map(({opened}) => opened);
  }

  /** Packages that compute. */
  versions(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.#opened.map(({versions}) => versions));
  }

  /** Images put through them so far. */
  passes(): number {
    return this.#opened.reduce((sum, one) => sum + one.passes(), 0);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#entries.values());
    for (const one of this.#opened) await one.close();
  }

  async #open(own: OwnNetwork, input: NetworkRequest['input']): Promise<OwnFeatureNetwork> {
    const made = await openOwnNetwork(own, input, this.options);
    this.#opened.push(made);
    return made;
  }
}
