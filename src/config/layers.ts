import {flagNodes} from './flags.js';
import {findConfig, loadConfig} from './load.js';
import {type ConfigNode, fromValue, overlay} from './node.js';
import {problemsError, showValue} from './problem.js';
import type {ConfigInput} from './schema.js';
import {DEFAULT_LOSSES} from './schema.js';
import {applySetting, parseSetting} from './set.js';

/** What a command line or a program asks for. */
export interface ConfigRequest {
  /** A config file; `-` is standard input. */
  readonly file?: string;
  /** What the paths of flags and settings are relative to; the working directory by default. */
  readonly cwd?: string;
  /** What the flags say, as a config would write it. */
  readonly flags?: ConfigInput | Readonly<Record<string, unknown>>;
  /** Who wrote `flags`: a command line (the default; messages name the flag) or a program. */
  readonly from?: 'flags' | 'options';
  /** `path=value`, as `losses.0.weight=2`. */
  readonly set?: readonly string[];
  /** Whether `cv-loss.yaml`, `.yml` or `.json` in `cwd` is used when no file is named. */
  readonly discover?: boolean;
  /** What `-` reads; `process.stdin` by default. */
  readonly stdin?: AsyncIterable<unknown>;
}

/** All that was written, laid over each other: flag before `--set` before file before the default losses. */
export async function configLayers(request: ConfigRequest, cwd: string): Promise<ConfigNode> {
  const {flags = {}, from = 'flags', set = []} = request;
  const {losses, ...others} = flags;
  // Settings reach into the list of losses that will be used, whoever gave it.
  let root = overlay(await fileNode(request, cwd), flagNodes(losses === undefined ? {} : {losses}, cwd, from));
  if (root.kind === 'map' && !root.entries.has('losses')) root = overlay(root, defaultLosses(cwd));
  for (const text of set) {
    const setting = parseSetting(text, cwd);
    const isOverridden = losses !== undefined && setting.path.length === 1 && setting.path[0] === 'losses';
    if (!isOverridden) root = applySetting(root, setting);
  }
  return overlay(root, flagNodes(others, cwd, from));
}

async function fileNode(request: ConfigRequest, cwd: string): Promise<ConfigNode> {
  const {file, discover = false, stdin = process.stdin} = request;
  const name = file ?? (discover ? await findConfig(cwd) : null);
  if (name === null) return fromValue({}, () => ({label: 'config', base: cwd}));
  const node = await loadConfig(name, cwd, stdin);
  if (node.kind === 'map') return node;
  throw problemsError([
    {
      at: node.at,
      text: `expected a map such as 'losses: [mse]', got ${node.kind === 'list' ? 'a list' : showValue(node.value)}`,
    },
  ]);
}

function defaultLosses(cwd: string): ConfigNode {
  return fromValue({losses: DEFAULT_LOSSES}, () => ({label: 'default losses', base: cwd}));
}
