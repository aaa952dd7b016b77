import {type ConfigNode, fromValue, nodeAt} from './node.js';
import {PRESET_NAMES, PRESETS, type Preset} from './presets.js';
import {problemsError, showPosition} from './problem.js';

/** The layer that the written `preset` stands for; null where none is written, or one that does not exist. */
export function presetLayer(written: ConfigNode, cwd: string): ConfigNode | null {
  const name = nodeAt(written, ['preset']);
  const preset = name?.kind === 'scalar' ? PRESET_NAMES.find((known) => known === name.value) : undefined;
  if (preset === undefined) return null;
  const {task, losses}: Preset = PRESETS[preset];
  return fromValue(task === undefined ? {losses} : {task, losses}, () => ({label: `preset ${preset}`, base: cwd}));
}

/** Throws UsageError where a preset is written in `layer` though `losses` take the place of its own. */
export function refuseHiddenPreset(layer: ConfigNode, losses: ConfigNode): void {
  const name = nodeAt(layer, ['preset']);
  if (name === undefined || (name.kind === 'scalar' && name.value === null)) return;
  const text = `losses are written too (${showPosition(losses.at)}), and would replace those of the preset; remove one of the two`;
  throw problemsError([{code: 'CVL-C009', at: name.at, text}]);
}
