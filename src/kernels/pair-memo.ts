import type {Elements} from './elements.js';
import type {View} from './view.js';

/** What was computed of a pair of images, by name: it lives as long as both do. */
export class PairMemo<Value> {
  readonly #known = new WeakMap<View<Elements>, WeakMap<View<Elements>, Map<string, Value>>>();

  /** The value of that name of the pair, made on first use. */
  of(pred: View<Elements>, target: View<Elements>, name: string, make: () => Value): Value {
    const ofPred = this.#known.get(pred) ?? new WeakMap<View<Elements>, Map<string, Value>>();
    this.#known.set(pred, ofPred);
    const ofPair = ofPred.get(target) ?? new Map<string, Value>();
    ofPred.set(target, ofPair);
    if (ofPair.has(name)) return ofPair.get(name) as Value;
    const made = make();
    ofPair.set(name, made);
    return made;
  }
}
