import {isDatasetLoss} from '../losses/dataset-contract.js';
import type {AnyLossEntry, Config} from './config.js';
import {type ConfigNode, type ConfigPath, keyPositionOf, nodeAt, positionOf, toValue} from './node.js';
import {type Problem, showChoices} from './problem.js';
import type {ParsedConfig} from './schema.js';

/** What each task of whole sets reads. */
const SOURCES = {
  embedding: {key: 'embeddings', remedy: 'give embeddings: {file: …, labels: …}, or --embeddings FILE --labels FILE'},
  adversarial: {key: 'scores', remedy: 'give scores: {real: …, fake: …}, or --real FILE --fake FILE'},
} as const;

type SetTask = keyof typeof SOURCES;

/** Keys that only tasks of images have a use for. */
const OF_IMAGES = ['inputs', 'match', 'pairs', 'classes', 'palette', 'image', 'group_by', 'allow_missing'] as const;

/** Whether a task reads whole sets of vectors or scores instead of images. */
export function isSetTask(task: Config['task']): task is SetTask {
  return Object.hasOwn(SOURCES, task);
}

/** The task that a config means which names none, by what it reads; null where that says nothing. */
export function impliedTask(written: ConfigNode): SetTask | null {
  if (nodeAt(written, ['task'])) return null;
  const tasks = Object.keys(SOURCES) as SetTask[];
  return tasks.find((task) => isSet(nodeAt(written, [SOURCES[task].key]))) ?? null;
}

/** Where a config asks for a model of the user's own: one line instead of one for each key that goes with it. */
export function modelProblems(root: ConfigNode): Problem[] {
  return Object.values(SOURCES).flatMap(({key}) => {
    if (!nodeAt(root, [key, 'model'])) return [];
    const text = `${key}.model: running a model is not built yet; give files that it made (cv-loss schema shows the keys)`;
    return [{at: keyPositionOf(root, [key, 'model']), text}];
  });
}

/** What of a config its task has no use for, and what the task needs and the config does not give. */
export function taskProblems(parsed: ParsedConfig, entries: readonly AnyLossEntry[], root: ConfigNode): Problem[] {
  const {task} = parsed;
  const problems = (Object.keys(SOURCES) as SetTask[]).flatMap((other) => sourceProblems(other, task, root));
  problems.push(...entries.flatMap((entry, i) => lossProblems(entry, ['losses', i], task, root)));
  if (isSetTask(task)) problems.push(...imageProblems(task, parsed, root));
  if (task === 'embedding') problems.push(...embeddingsProblems(parsed.embeddings ?? {}, root));
  return problems;
}

function sourceProblems(task: SetTask, chosen: Config['task'], root: ConfigNode): Problem[] {
  const {key, remedy} = SOURCES[task];
  const node = nodeAt(root, [key]);
  if (task === chosen) {
    if (isSet(node)) return [];
    return [{at: positionOf(root, ['task']), text: `task ${task} reads ${key}: ${remedy}`}];
  }
  if (!isSet(node)) return [];
  const text = `${key}: read by task ${task}, and the task here is ${chosen}; remove one of the two`;
  return [{at: keyPositionOf(root, [key]), text}];
}

function lossProblems({descriptor}: AnyLossEntry, path: ConfigPath, task: Config['task'], root: ConfigNode): Problem[] {
  const at = positionOf(root, nodeAt(root, [...path, 'type']) ? [...path, 'type'] : path);
  if (!isDatasetLoss(descriptor)) {
    const pairsSets = descriptor.task === 'cycle';
    if (!isSetTask(task)) {
      if (pairsSets === (task === 'cycle')) return [];
      const text = pairsSets
        ? `${descriptor.id} reads two sets of images, and the task here is ${task}; give task: cycle, or --task cycle`
        : `${descriptor.id} compares predictions with targets, and task cycle pairs two sets; cv-loss losses lists the losses of each task`;
      return [{at, text}];
    }
    const text = `${descriptor.id} compares images, and task ${task} reads ${SOURCES[task].key}; cv-loss losses lists the losses of each task`;
    return [{at, text}];
  }
  if (descriptor.task === task) return [];
  const {key, remedy} = SOURCES[descriptor.task];
  return [{at, text: `${descriptor.id} reads ${key}, and the task here is ${task}; ${remedy}`}];
}

/** Keys of images that are written; on a device there is one choice. */
function imageProblems(task: SetTask, {device}: ParsedConfig, root: ConfigNode): Problem[] {
  const problems = OF_IMAGES.flatMap((key) => {
    const node = nodeAt(root, [key]);
    if (!isSet(node)) return [];
    const inner = node?.kind === 'map' ? [...node.entries.keys()] : [];
    const at = keyPositionOf(root, [key, ...inner.slice(0, 1)]);
    const text = `${key}: task ${task} reads ${SOURCES[task].key}, and no images; remove one of the two`;
    return [{at, text: key === 'group_by' ? `group_by: the rows of task ${task} have no groups; remove it` : text}];
  });
  if (device === 'tensorflow') {
    const text = `device: task ${task} is computed in float64 on the CPU; expected cpu or auto, got '${device}'`;
    problems.push({at: positionOf(root, ['device']), text});
  }
  return problems;
}

function embeddingsProblems(
  {file, labels, real, fake}: NonNullable<ParsedConfig['embeddings']>,
  root: ConfigNode,
): Problem[] {
  const node = nodeAt(root, ['embeddings']);
  if (!isSet(node)) return [];
  const report = (key: string, text: string) => [{at: keyPositionOf(root, ['embeddings', key]), text}];
  if (labels !== undefined && file === undefined) {
    return report('labels', `embeddings.labels: labels of no vectors; give embeddings.file, or --embeddings FILE`);
  }
  if ((real === undefined) !== (fake === undefined)) {
    const [one, other] = real === undefined ? ['fake', 'real'] : ['real', 'fake'];
    return report(one as string, `embeddings.${one}: two sets are compared; give embeddings.${other} too`);
  }
  if (file !== undefined || real !== undefined) return [];
  return report('file', `embeddings: no vectors, expected ${showChoices(['file', 'real and fake'])}`);
}

/** Whether a key says something: null, false and empty maps do not. */
function isSet(node: ConfigNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind === 'map') return node.entries.size > 0;
  const value = toValue(node);
  return value !== null && value !== false;
}
