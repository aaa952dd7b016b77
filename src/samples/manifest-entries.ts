import path from 'node:path';
import {UsageError} from '../errors.js';
import type {GroupOf} from './group.js';
import {plainKey, withSlashes} from './keys.js';
import type {ManifestRow} from './manifest-rows.js';
import {counted, listed} from './messages.js';
import {ascendingPlaces, TextList} from './text-list.js';

/** A row of a manifest with its key and the paths it names. */
export interface Entry {
  readonly line: number;
  readonly key: string;
  /** Absolute paths by role. */
  readonly files: Readonly<Record<string, string>>;
  readonly group?: string;
}

/** The rows of a manifest in a few bytes each. */
export class ManifestEntries {
  /** The line of the first row that names no file. */
  firstWithoutFile: number | null = null;
  readonly #keys = new TextList();
  readonly #lines: number[] = [];
  readonly #groups = new TextList();
  readonly #cells: ReadonlyMap<string, TextList>;
  /** Roles that are columns, in the order in which they appeared. */
  readonly roles: string[] = [];
  readonly #folder: string;
  readonly #group: GroupOf | null;

  /** `roles` are those that may be columns; paths are relative to `folder`. */
  constructor(roles: readonly string[], {folder, group}: {readonly folder: string; readonly group: GroupOf | null}) {
    this.#cells = new Map(roles.map((role) => [role, new TextList()]));
    this.#folder = folder;
    this.#group = group;
  }

  /**
   * Adds a row. Its key is the cell `key`, else the prediction's path as written without extension, else that of the
   * first role that has one.
   */
  add({line, cells}: ManifestRow): void {
    const text = (column: string) => cells.get(column) ?? '';
    for (const column of cells.keys()) {
      if (this.#cells.has(column) && !this.roles.includes(column)) this.roles.push(column);
    }
    const named = this.roles.find((role) => text(role) !== '');
    const first = text('pred') || (named === undefined ? '' : text(named));
    if (first === '') this.firstWithoutFile ??= line;
    const key = text('key').normalize('NFC') || plainKey(withSlashes(first));
    this.#keys.push(key);
    this.#lines.push(line);
    if (this.#group !== null) this.#groups.push(this.#group({key, columns: cells}));
    for (const [role, list] of this.#cells) list.push(text(role));
  }

  get length(): number {
    return this.#keys.length;
  }

  at(place: number): Entry {
    const files: Record<string, string> = {};
    for (const role of this.roles) {
      const cell = this.#cells.get(role)?.at(place) ?? '';
      if (cell !== '') files[role] = path.resolve(this.#folder, cell);
    }
    const group = this.#groups.at(place);
    const line = this.#lines[place] as number;
    return {line, key: this.#keys.at(place) as string, files, ...(group === undefined ? {} : {group})};
  }

  /** The roles of some whose cell is empty. */
  emptyAt(place: number, roles: readonly string[]): string[] {
    return roles.filter((role) => (this.#cells.get(role)?.at(place) ?? '') === '');
  }

  /** Places in ascending order of keys. Throws UsageError listing the first ten keys that several rows have, with their lines. */
  ascending(manifest: string): Uint32Array {
    const places = ascendingPlaces(this.#keys);
    const twice = new Map<string, number[]>();
    let before: number | null = null;
    for (const place of places) {
      const key = this.#keys.at(place) as string;
      if (before !== null && this.#keys.at(before) === key) {
        twice.set(key, [...(twice.get(key) ?? [before]), place]);
      }
      before = place;
    }
    if (twice.size > 0) {
      const line = (place: number) => this.#lines[place] as number;
      const cases = [...twice]
        .sort(([, [a = 0]], [, [b = 0]]) => a - b)
        .map(([key, at]) => `${key} on lines ${at.map(line).join(' and ')}`);
      throw new UsageError(
        'CVL-S014',
        `${manifest}: ${counted(twice.size, 'key')} in several rows (${listed(cases)}); give each row a key of its own in the column "key"`,
      );
    }
    return places;
  }

  /** Throws UsageError listing the first ten rows that lack a file for a role which a loss needs. */
  refuseEmpty(manifest: string, requiredRoles: readonly string[]): void {
    const cases: string[] = [];
    for (let place = 0; place < this.length; place++) {
      const empty = this.emptyAt(place, requiredRoles);
      if (empty.length > 0) cases.push(`line ${this.#lines[place]}: ${empty.join(', ')}`);
    }
    if (cases.length > 0) {
      throw new UsageError(
        'CVL-S013',
        `${manifest}: ${counted(cases.length, 'row')} with an empty cell for a role that is needed (${listed(cases)})`,
      );
    }
  }
}
