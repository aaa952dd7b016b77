import type {RoleFile, Sample, Samples} from './sample.js';
import {TextList} from './text-list.js';

/** The files of one role: a list, or several where the role has a file for each class. */
interface RoleFiles {
  readonly lists: TextList[];
  isMany: boolean;
}

/** Samples in a few bytes each: an object is made of one when it is asked for. */
export class SampleList implements Samples {
  readonly #keys = new TextList();
  readonly #groups = new TextList();
  readonly #roles = new Map<string, RoleFiles>();
  readonly #shared: Readonly<Record<string, string>>;

  /** `shared` are the files of every sample, by role; `roles`, where they are known, say the order of the others. */
  constructor(shared: Readonly<Record<string, string>> = {}, roles: readonly string[] = []) {
    this.#shared = shared;
    for (const role of roles) this.#roles.set(role, {lists: [], isMany: false});
  }

  get length(): number {
    return this.#keys.length;
  }

  /** Adds a sample, whose files are its own: none is an empty path. All samples have groups, or none has. */
  push({key, files, group}: Sample): void {
    const place = this.#keys.length;
    this.#keys.push(key);
    if (group !== undefined) this.#groups.push(group);
    for (const role in files) if (!this.#roles.has(role)) this.#roles.set(role, {lists: [], isMany: false});
    for (const [role, own] of this.#roles) {
      const file = files[role] ?? '';
      own.isMany ||= typeof file !== 'string';
      const parts = typeof file === 'string' ? [file] : file;
      for (let part = own.lists.length; part < parts.length; part++) own.lists.push(emptyTexts(place));
      for (const [part, list] of own.lists.entries()) list.push(parts[part] ?? '');
    }
  }

  at(place: number): Sample | undefined {
    const key = this.#keys.at(place);
    if (key === undefined) return undefined;
    const files: Record<string, RoleFile> = {};
    for (const [role, {lists, isMany}] of this.#roles) {
      const first = lists[0]?.at(place) ?? '';
      if (first === '') continue;
      files[role] = isMany ? lists.map((list) => list.at(place) as string) : first;
    }
    const group = this.#groups.at(place);
    return {key, files: Object.assign(files, this.#shared), ...(group === undefined ? {} : {group})};
  }

  map<Result>(make: (sample: Sample, place: number) => Result): Result[] {
    return Array.from(this, make);
  }

  filter(keeps: (sample: Sample) => boolean): SampleList {
    const kept = new SampleList(this.#shared, [...this.#roles.keys()]);
    for (const sample of this) if (keeps(sample)) kept.push(this.#own(sample));
    return kept;
  }

  *[Symbol.iterator](): Generator<Sample> {
    for (let place = 0; place < this.length; place++) yield this.at(place) as Sample;
  }

  /** A sample with the files that are its own. */
  #own(sample: Sample): Sample {
    const files = Object.entries(sample.files).filter(([role]) => this.#roles.has(role));
    return {...sample, files: Object.fromEntries(files)};
  }
}

/** The places of samples, one after another. */
export function* placesOf({length}: Samples): Generator<number> {
  for (let place = 0; place < length; place++) yield place;
}

/** The place of a key in samples sorted by key; −1 where it is not. */
export function placeOf(samples: Samples, key: string): number {
  let low = 0;
  let high = samples.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = (samples.at(middle) as Sample).key;
    if (found === key) return middle;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function emptyTexts(count: number): TextList {
  const list = new TextList();
  for (let i = 0; i < count; i++) list.push('');
  return list;
}
