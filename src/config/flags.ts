import {type ConfigNode, type ConfigPath, fromValue, type Position} from './node.js';

/** The flags whose name is not the last step of their path, by dotted path. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['embeddings.file', '--embeddings'],
  ['embeddings.save', '--save-embeddings'],
  ['scores', '--real or --fake'],
  ['scores.save', '--save-scores'],
  ['generators', '--save-images'],
  ['generators.save', '--save-images'],
  ['baseline', '--baseline'],
  ['baseline.limits', '--limit'],
  ['baseline.limit', '--limit'],
  ['baseline.update', '--update-baseline'],
  ['gates', '--gate'],
  ['inputs', '--input'],
  ['inputs.pred', '--pred'],
  ['inputs.target', '--target'],
  ['losses', '--losses'],
  ['match', '--match'],
  ['plugins', '--plugin'],
  ['report.dir', '--report'],
  ['report.formats', '--report-format'],
  ['series', '--series'],
]);

/** Nodes of what the flags say. A program's values come from `options` instead, and keep their path in messages. */
export function flagNodes(flags: object, cwd: string, from: 'flags' | 'options'): ConfigNode {
  return fromValue(flags, (path) => (from === 'flags' ? flagPosition(path, cwd) : {label: 'options', base: cwd}));
}

function flagPosition(path: ConfigPath, cwd: string): Position {
  for (let length = path.length; length > 0; length--) {
    const names = path.slice(0, length).join('.');
    const label = FLAGS.get(names);
    if (label) return {label, names, base: cwd};
  }
  const names = path.join('.');
  return {label: `--${String(path.at(-1) ?? 'flags').replaceAll('_', '-')}`, names, base: cwd};
}
