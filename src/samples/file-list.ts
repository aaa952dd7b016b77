import {TextList} from './text-list.js';

/** A file that a search found. */
export interface FoundFile {
  /** Below the root, with `/` as separator. */
  readonly relative: string;
  readonly path: string;
}

/** The files that a search found, in its order, in a few bytes each. */
export class FileList implements Iterable<FoundFile> {
  readonly #relatives = new TextList();

  /** `pathOf` is the path of a name below the root. */
  constructor(readonly pathOf: (relative: string) => string) {}

  get length(): number {
    return this.#relatives.length;
  }

  push(relative: string): void {
    this.#relatives.push(relative);
  }

  /** The file at a place; undefined past the end. */
  at(place: number): FoundFile | undefined {
    const relative = this.#relatives.at(place);
    return relative === undefined ? undefined : {relative, path: this.pathOf(relative)};
  }

  *[Symbol.iterator](): Generator<FoundFile> {
    for (const relative of this.#relatives) yield {relative, path: this.pathOf(relative)};
  }
}
