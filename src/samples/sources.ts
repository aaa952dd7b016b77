import type {FileClass} from './class-pattern.js';
import type {MissingKey, Samples} from './sample.js';

/** Where the samples are, as the config and the flags give it. */
export interface SampleSources {
  /** By role: absolute paths or globs. */
  readonly inputs: Readonly<Record<string, string>>;
  /** By role: a pattern such as `{key}_out.png` or `{key}_sr`. */
  readonly match: Readonly<Record<string, string>>;
  /** The manifest, with its text when that came from standard input. */
  readonly pairs: {readonly path: string; readonly text?: string} | null;
  /** Leaves samples out that lack a file, instead of refusing to start. */
  readonly allowMissing: boolean;
  /** The roles that some loss needs. */
  readonly requiredRoles: readonly string[];
  /** The roles that some loss can use. */
  readonly optionalRoles: readonly string[];
  /** What `{class}` stands for in patterns; null without classes. */
  readonly classes: readonly FileClass[] | null;
  /** Sets that are paired each for itself: roles end in `_a` or `_b`, keys begin with `a/` or `b/`; null for one set. */
  readonly sets: readonly string[] | null;
  /** A template of `{dir}`, `{key}` and manifest columns. */
  readonly groupBy: string | null;
}

/** What was found. */
export interface Gathered {
  /** Sorted by key, in code-unit order. */
  readonly samples: Samples;
  readonly roots: Readonly<Record<string, string>>;
  readonly shared: Readonly<Record<string, string>>;
  readonly missing: readonly MissingKey[];
}

/** The part of a resolved config that says where the samples are, under the names of a config file. */
export interface SourcesConfig {
  readonly inputs: Readonly<Record<string, string>>;
  readonly match: Readonly<Record<string, string>>;
  readonly pairs: string | null;
  readonly allow_missing: boolean;
  readonly group_by: string | null;
  readonly classes: readonly FileClass[] | null;
  readonly task: string;
}

/** A config's sources; a manifest named `-` is read from `stdin`. */
export async function sampleSources(
  {inputs, match, pairs, allow_missing, group_by, classes, task}: SourcesConfig,
  roles: {readonly required: ReadonlySet<string>; readonly used: Iterable<string>},
  stdin: AsyncIterable<unknown> = process.stdin,
): Promise<SampleSources> {
  return {
    inputs,
    match,
    pairs: pairs === '-' ? {path: pairs, text: await textOf(stdin)} : pairs === null ? null : {path: pairs},
    allowMissing: allow_missing,
    requiredRoles: [...roles.required],
    optionalRoles: [...roles.used].filter((role) => !roles.required.has(role)),
    classes,
    sets: task === 'cycle' ? ['a', 'b'] : null,
    groupBy: group_by,
  };
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array | string));
  return Buffer.concat(chunks).toString('utf8');
}
