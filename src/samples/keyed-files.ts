import type {FileList} from './file-list.js';
import type {KeyOf} from './keys.js';
import {ascendingPlaces, TextList} from './text-list.js';

/** The files of a role by key, in ascending order of keys, in a few bytes each. */
export class KeyedFiles {
  readonly #keys = new TextList();
  readonly #relatives = new TextList();
  readonly #pathOf: FileList['pathOf'];
  /** The keys that several files have, with those files below the root; the first of them stands for the key. */
  readonly ambiguous = new Map<string, string[]>();

  /** Files that have no key are left out. */
  constructor(files: FileList, keyOf: KeyOf) {
    this.#pathOf = files.pathOf;
    const keys = new TextList();
    const places: number[] = [];
    let place = 0;
    for (const {relative} of files) {
      const key = keyOf(relative);
      if (key !== undefined) {
        keys.push(key);
        places.push(place);
      }
      place++;
    }
    for (const at of ascendingPlaces(keys)) {
      this.#add(keys.at(at) as string, files.at(places[at] as number)?.relative as string);
    }
  }

  get size(): number {
    return this.#keys.length;
  }

  /** The key at a place, from 0; undefined past the end. */
  keyAt(place: number): string | undefined {
    return this.#keys.at(place);
  }

  /** The path of the file at a place; it must be there. */
  pathAt(place: number): string {
    return this.#pathOf(this.#relatives.at(place) as string);
  }

  keys(): Iterable<string> {
    return this.#keys;
  }

  #add(key: string, relative: string): void {
    const last = this.#keys.length - 1;
    if (this.#keys.at(last) !== key) {
      this.#keys.push(key);
      this.#relatives.push(relative);
      return;
    }
    const others = this.ambiguous.get(key) ?? [this.#relatives.at(last) as string];
    this.ambiguous.set(key, [...others, relative]);
  }
}
