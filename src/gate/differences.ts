/** Keys of a resolved config that may differ between two runs of one experiment: where files lie, how fast it runs, what is written. */
const UNIMPORTANT: ReadonlySet<string> = new Set(['inputs', 'pairs', 'report', 'gates', 'batch_size', 'device']);

/** What a report says of how its numbers were made. */
export interface Circumstances {
  readonly version: string;
  readonly device: {readonly name: string; readonly gpu: boolean};
  readonly config: Readonly<Record<string, unknown>>;
  readonly networks?: readonly {readonly network: string; readonly weights_sha256: string}[] | undefined;
}

/** What is not the same in how two runs were made, a line each; such runs may differ for that reason alone. */
export function differencesOf(baseline: Circumstances, candidate: Circumstances): string[] {
  const lines: string[] = [];
  const compare = (what: string, before: unknown, after: unknown) => {
    if (before !== after) lines.push(`${what}: ${shown(before)} in the baseline, ${shown(after)} now`);
  };
  compare('version', baseline.version, candidate.version);
  compare('device', deviceText(baseline.device), deviceText(candidate.device));
  compare('weights', networksText(baseline), networksText(candidate));
  const before = flat(configOf(baseline));
  const after = flat(configOf(candidate));
  for (const path of new Set([...before.keys(), ...after.keys()])) compare(path, before.get(path), after.get(path));
  return lines;
}

/** The losses by id rather than by place, so that an added one is one difference and not many. */
function configOf({config}: Circumstances): Record<string, unknown> {
  const kept = Object.fromEntries(Object.entries(config).filter(([key]) => !UNIMPORTANT.has(key)));
  if (!Array.isArray(kept.losses)) return kept;
  const byId = kept.losses.map((loss: {readonly id?: unknown; readonly type?: unknown}) => [
    String(loss.id ?? loss.type),
    loss,
  ]);
  return {...kept, losses: Object.fromEntries(byId)};
}

/** Every scalar by its dotted path. */
function flat(value: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) into.set(path, value);
  else if (Array.isArray(value)) into.set(path, JSON.stringify(value));
  else for (const [key, below] of Object.entries(value)) flat(below, path === '' ? key : `${path}.${key}`, into);
  return into;
}

function deviceText({name, gpu}: Circumstances['device']): string {
  return gpu ? `${name} with a GPU` : name;
}

function networksText({networks = []}: Circumstances): string {
  return networks.map(({network, weights_sha256}) => `${network} ${weights_sha256.slice(0, 12)}`).join(', ') || 'none';
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
