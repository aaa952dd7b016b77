import {isDatasetLoss} from '../losses/dataset-contract.js';
import type {AnyLossEntry, Config} from './config.js';
import {embeddingsProblems, modelKeyProblems} from './embeddings-problems.js';
import {type ConfigNode, type ConfigPath, isSet, keyPositionOf, nodeAt, positionOf} from './node.js';
import type {Problem} from './problem.js';
import type {ParsedConfig} from './schema.js';
import {GENERATED_ROLES} from './user-models.js';

/** What each task of whole sets reads. */
const SOURCES = {
  embedding: {key: 'embeddings', remedy: 'give embeddings: {file: …, labels: …}, or --embeddings FILE --labels FILE'},
  adversarial: {key: 'scores', remedy: 'give scores: {real: …, fake: …}, or --real FILE --fake FILE'},
} as const;

type SetTask = keyof typeof SOURCES;

/** Keys that only tasks of images have a use for. */
const OF_IMAGES = [
  'inputs',
  'series',
  'match',
  'pairs',
  'classes',
  'palette',
  'image',
  'group_by',
  'allow_missing',
] as const;

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

/** What of a config its task has no use for, and what the task needs and the config does not give. */
export function taskProblems(parsed: ParsedConfig, entries: readonly AnyLossEntry[], root: ConfigNode): Problem[] {
  const {task} = parsed;
  const problems = (Object.keys(SOURCES) as SetTask[]).flatMap((other) => sourceProblems(other, task, root));
  problems.push(...entries.flatMap((entry, i) => lossProblems(entry, ['losses', i], task, root)));
  if (isSetTask(task)) problems.push(...imageProblems(task, parsed, root));
  if (parsed.generators !== null) problems.push(...generatorProblems(task, root));
  if (task === 'embedding') problems.push(...embeddingsProblems(parsed.embeddings, root));
  if (isSetTask(task)) problems.push(...modelKeyProblems(SOURCES[task].key, parsed, root));
  return problems;
}

function sourceProblems(task: SetTask, chosen: Config['task'], root: ConfigNode): Problem[] {
  const {key, remedy} = SOURCES[task];
  const node = nodeAt(root, [key]);
  if (task === chosen) {
    if (isSet(node)) return [];
    return [{code: 'CVL-C013', at: positionOf(root, ['task']), text: `task ${task} reads ${key}: ${remedy}`}];
  }
  if (!isSet(node)) return [];
  const text = `${key}: read by task ${task}, and the task here is ${chosen}; remove one of the two`;
  return [{code: 'CVL-C012', at: keyPositionOf(root, [key]), text}];
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
      return [{code: 'CVL-C012', at, text}];
    }
    const text = `${descriptor.id} compares images, and task ${task} reads ${SOURCES[task].key}; cv-loss losses lists the losses of each task`;
    return [{code: 'CVL-C012', at, text}];
  }
  if (descriptor.task === task) return [];
  const {key, remedy} = SOURCES[descriptor.task];
  return [{code: 'CVL-C012', at, text: `${descriptor.id} reads ${key}, and the task here is ${task}; ${remedy}`}];
}

/** Keys of images that are written; on a device there is one choice. */
function imageProblems(task: SetTask, {device, require_gpu}: ParsedConfig, root: ConfigNode): Problem[] {
  const hasModel = nodeAt(root, [SOURCES[task].key, 'model']) !== undefined;
  const problems = OF_IMAGES.flatMap((key): Problem[] => {
    const node = nodeAt(root, [key]);
    if (!isSet(node)) return [];
    if (key === 'image' && hasModel) return decodingProblems(SOURCES[task].key, root);
    const inner = node?.kind === 'map' ? [...node.entries.keys()] : [];
    const at = keyPositionOf(root, [key, ...inner.slice(0, 1)]);
    const text = `${key}: task ${task} reads ${SOURCES[task].key}, and no images; remove one of the two`;
    return [
      {
        code: 'CVL-C012',
        at,
        text: key === 'group_by' ? `group_by: the rows of task ${task} have no groups; remove it` : text,
      },
    ];
  });
  if (require_gpu) {
    const text = `require_gpu: task ${task} is computed in float64 on the CPU; remove it`;
    problems.push({code: 'CVL-C012', at: positionOf(root, ['require_gpu']), text});
  }
  if (device === 'tensorflow' || device === 'webgpu') {
    const text = `device: task ${task} is computed in float64 on the CPU; expected cpu or auto, got '${device}'`;
    problems.push({code: 'CVL-C012', at: positionOf(root, ['device']), text});
  }
  return problems;
}

/** Generators of another task, and images that they make given beside them. */
function generatorProblems(task: Config['task'], root: ConfigNode): Problem[] {
  if (task !== 'cycle') {
    const text = `generators: read by task cycle, and the task here is ${task}; say task: cycle`;
    return [{code: 'CVL-C012', at: keyPositionOf(root, ['generators']), text}];
  }
  const size = nodeAt(root, ['image', 'size']) && {
    at: ['image', 'size'],
    text: 'image.size: the generators decide it; say their size',
  };
  const given = GENERATED_ROLES.filter((role) => nodeAt(root, ['inputs', role])).map((role) => ({
    at: ['inputs', role],
    text: `inputs.${role}: the generators make it; remove one of the two`,
  }));
  return [...(size ? [size] : []), ...given].map(({at, text}) => ({
    code: 'CVL-C012' as const,
    at: keyPositionOf(root, at),
    text,
  }));
}

/** Images for a model are decoded as others are; their size and colour are the model's. */
function decodingProblems(source: string, root: ConfigNode): Problem[] {
  return ['size', 'color'].flatMap((key) => {
    if (!nodeAt(root, ['image', key])) return [];
    const text = `image.${key}: the model decides it; say ${source}.${key}`;
    return [{code: 'CVL-C012', at: keyPositionOf(root, ['image', key]), text}];
  });
}
