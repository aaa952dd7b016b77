/** What decides the numbers of a row beside the bytes of its files, by name: equal for two runs whose rows can stand side by side. */
export type RunIdentity = Readonly<Record<string, unknown>>;

/** Keys of a plain config that choose samples and judge them, and change no row. */
const OF_NO_ROW: ReadonlySet<string> = new Set(['inputs', 'match', 'pairs', 'group_by', 'allow_missing', 'gates']);

/** What a run knows of itself before its first row. */
export interface IdentityParts {
  readonly version: string;
  /** As report.json records it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly device: {
    readonly name: string;
    readonly gpu: boolean;
    readonly versions: Readonly<Record<string, string>>;
  };
  readonly networks?: unknown;
  readonly sources?: unknown;
  /** Versions of what decodes images. */
  readonly decoders: Readonly<Record<string, string>>;
  /** Where images that the run makes are kept: rows that are not computed make none. Null where none are. */
  readonly savedImages: string | null;
  readonly prepared: unknown;
  readonly classes: unknown;
  readonly columns: readonly {readonly name: string}[];
}

/** The identity of a run, as plain JSON. */
export function runIdentity(parts: IdentityParts): RunIdentity {
  const {
    version,
    config,
    device,
    networks = [],
    sources = {},
    decoders,
    savedImages,
    prepared,
    classes,
    columns,
  } = parts;
  const ofRows = Object.entries(config).filter(([key]) => !OF_NO_ROW.has(key));
  const identity = {
    version,
    node: process.versions.node.split('.')[0],
    processor: process.arch,
    device: {name: device.name, gpu: device.gpu, versions: device.versions},
    decoders,
    networks,
    sources,
    'saved images': savedImages,
    'first pass': prepared,
    classes,
    columns: columns.map(({name}) => name),
    ...Object.fromEntries(ofRows.map(([key, value]) => [`config.${key}`, value])),
  };
  return JSON.parse(JSON.stringify(identity)) as RunIdentity;
}

/** The names of what two identities do not share, in order. */
export function differences(a: RunIdentity, b: RunIdentity): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}
