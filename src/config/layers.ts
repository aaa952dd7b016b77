import {flagNodes} from './flags.js';
import {findConfig, loadConfig} from './load.js';
import {type ConfigNode, fromValue, nodeAt, overlay, toValue} from './node.js';
import {overlayPlugins} from './plugin-list.js';
import {presetLayer, refuseHiddenPreset} from './preset-layer.js';
import {problemsError, showValue} from './problem.js';
import type {ConfigInput} from './schema.js';
import {DEFAULT_LOSSES} from './schema.js';
import {withoutOtherPredictions} from './series.js';
import {applySetting, parseSetting, type Setting} from './set.js';
import {impliedTask} from './task-problems.js';

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
  /** Called with the name of a config that was not named but found. */
  readonly onFoundConfig?: (file: string) => void;
}

/** What a config file says. Throws UsageError where it cannot be read or is no map. */
export async function configFile(request: ConfigRequest, cwd: string): Promise<ConfigNode> {
  const {file, discover = false, stdin = process.stdin} = request;
  const found = file === undefined && discover ? await findConfig(cwd) : null;
  if (found !== null) request.onFoundConfig?.(found);
  const name = file ?? found;
  if (name === null) return fromValue({}, () => ({label: 'config', base: cwd}));
  const node = await loadConfig(name, cwd, stdin);
  if (node.kind === 'map') return node;
  throw problemsError([
    {
      code: 'CVL-C002',
      at: node.at,
      text: `expected a map such as 'losses: [mse]', got ${node.kind === 'list' ? 'a list' : showValue(node.value)}`,
    },
  ]);
}

/** What was written, and what it leaves open. */
export interface ConfigLayers {
  readonly root: ConfigNode;
  /** Whether nothing is written of the losses, nor the task, which chooses them. */
  readonly taskIsOpen: boolean;
}

/**
 * All that was written, laid over each other: flag before `--set` before file before preset before the default losses;
 * plugins add up. Throws UsageError for a preset beside losses that take its losses' place.
 */
export async function configLayers(file: ConfigNode, request: ConfigRequest, cwd: string): Promise<ConfigLayers> {
  const {flags = {}, from = 'flags', set = []} = request;
  const {losses, plugins, ...others} = flags;
  const otherFlags = flagNodes(others, cwd, from);
  // Settings reach into the list of losses that will be used, whoever gave it.
  let root = overlay(
    withoutOtherPredictions(file, otherFlags),
    flagNodes(losses === undefined ? {} : {losses}, cwd, from),
  );
  let taskIsOpen = false;
  const settings: Setting[] = [];
  // In order: of two mistakes the first is told.
  for (const text of set) settings.push(await parseSetting(text, cwd));
  const about = settings.filter(({path}) => path[0] !== 'losses');
  const written = overlay(about.reduce(applySetting, root), otherFlags);
  const writtenLosses = nodeAt(root, ['losses']);
  if (writtenLosses) refuseHiddenPreset(losses === undefined ? written : otherFlags, writtenLosses);
  else {
    const preset = presetLayer(written, cwd);
    const defaults = preset ?? defaultLosses(written, cwd);
    // A setting for a loss, by its name or place, means the losses of photographs.
    const isOpen = about.length === settings.length && !nodeAt(written, ['task']) && !nodeAt(defaults, ['task']);
    taskIsOpen = preset === null && isOpen;
    root = overlay(defaults, root);
  }
  for (const setting of settings) {
    const isOverridden = losses !== undefined && setting.path.length === 1 && setting.path[0] === 'losses';
    if (!isOverridden) root = applySetting(root, setting);
  }
  root = overlay(root, otherFlags);
  const task = impliedTask(written);
  if (task !== null)
    root = overlay(
      root,
      fromValue({task}, () => ({label: 'config', base: cwd})),
    );
  if (plugins !== undefined) root = overlayPlugins(root, flagNodes({plugins}, cwd, from));
  return {root, taskIsOpen};
}

/** The losses of what was written otherwise, by its task: where it names none, its data or classes do. */
function defaultLosses(written: ConfigNode, cwd: string): ConfigNode {
  const says = (key: string) => {
    const node = nodeAt(written, [key]);
    return node !== undefined && toValue(node) !== null;
  };
  const namesClasses = says('classes') || says('palette');
  const task = nodeAt(written, ['task']);
  const named = impliedTask(written) ?? (task && toValue(task));
  if (named === 'embedding' || named === 'adversarial' || named === 'cycle') {
    const losses = [...DEFAULT_LOSSES[named]];
    return fromValue({task: named, losses}, () => ({label: 'default losses', base: cwd}));
  }
  const isMask = task === undefined ? namesClasses : toValue(task) === 'mask';
  const kind = isMask ? (namesClasses ? 'classes' : 'mask') : 'photo';
  const losses = [...DEFAULT_LOSSES[kind]];
  const defaults = isMask ? {task: 'mask', losses} : {losses};
  return fromValue(defaults, () => ({label: 'default losses', base: cwd}));
}
