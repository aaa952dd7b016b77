import {type ConfigNode, isSet, keyPositionOf, type MapNode, nodeAt} from './node.js';
import type {Problem} from './problem.js';
import type {ParsedConfig} from './schema.js';

/**
 * A config file without what the flags take the place of: a series stands for the one set of predictions, and the other
 * way round.
 */
export function withoutOtherPredictions(file: ConfigNode, flags: ConfigNode): ConfigNode {
  const namesOne = isSet(nodeAt(flags, ['inputs', 'pred']));
  const namesSeveral = isSet(nodeAt(flags, ['series']));
  if (namesOne === namesSeveral || file.kind !== 'map') return file;
  if (namesOne) return without(file, 'series');
  const inputs = file.entries.get('inputs');
  if (inputs?.node.kind !== 'map') return file;
  const entries = new Map(file.entries).set('inputs', {...inputs, node: without(inputs.node, 'pred')});
  return {...file, entries};
}

function without(map: MapNode, key: string): MapNode {
  return {...map, entries: new Map([...map.entries].filter(([name]) => name !== key))};
}

/** Keys that name other predictions than the series, or that have no meaning for several sets. */
export function seriesProblems({series, task, baseline}: ParsedConfig, root: ConfigNode): Problem[] {
  if (series === null) return [];
  const problems: Problem[] = [];
  const refuse = (path: readonly string[], text: string) => {
    if (isSet(nodeAt(root, path))) problems.push({code: 'CVL-C028', at: keyPositionOf(root, path), text});
  };
  refuse(['inputs', 'pred'], 'a series names the predictions too, expected one of inputs.pred and series');
  refuse(
    ['pairs'],
    'a manifest names the predictions of one set, expected a directory or glob for each role of a series',
  );
  if (baseline?.update) {
    const text = 'a series has several reports, expected a run of the one set that is to be the baseline';
    problems.push({code: 'CVL-C028', at: keyPositionOf(root, ['baseline', 'update']), text});
  }
  if (task === 'cycle') {
    const text = 'several prediction sets have one target, and task cycle pairs two sets; score them one by one';
    problems.push({code: 'CVL-C012', at: keyPositionOf(root, ['series']), text});
  }
  return problems;
}
