/** The file of a role, or its files: one for the scores of each class, in the order of the classes. */
export type RoleFile = string | readonly string[];

/** One row of the dataset: a key and a file for each role. */
export interface Sample {
  readonly key: string;
  /** Absolute paths by role, the shared files included. */
  readonly files: Readonly<Record<string, RoleFile>>;
  /** The value of `group_by`, when groups were asked for. */
  readonly group?: string;
}

/** Samples one after another; a plain array of them is such a list. */
export interface Samples extends Iterable<Sample> {
  readonly length: number;
  /** The sample at a place, from 0; undefined past the end. */
  at(place: number): Sample | undefined;
  map<Result>(make: (sample: Sample, place: number) => Result): Result[];
  filter(keeps: (sample: Sample) => boolean): Samples;
}

/** A key that was left out under `allowMissing`, and the roles that have no file for it. */
export interface MissingKey {
  readonly key: string;
  readonly roles: readonly string[];
}

/** The dataset as a table: what is scored, and where it came from. */
export interface SampleTable {
  /** Sorted by key, in code-unit order. */
  readonly samples: Samples;
  /** By role, what the user gave: a directory, a glob, a file, or the manifest. */
  readonly roots: Readonly<Record<string, string>>;
  /** The roles given as one file that serves every sample. */
  readonly shared: Readonly<Record<string, string>>;
  /** Sorted by key; empty unless `allowMissing`. */
  readonly missing: readonly MissingKey[];
}

/** What the group of a sample is made of. */
export interface Draft {
  readonly key: string;
  /** The cells of the manifest's row by column; empty without a manifest. */
  readonly columns: ReadonlyMap<string, string>;
}
