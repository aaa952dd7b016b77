import type {Config} from './config.js';
import {mapPaths} from './option-paths.js';
import {relativePath, relativeTo} from './relative.js';
import {isSetTask} from './task-problems.js';
import type {ModelConfig} from './user-models.js';

/**
 * The config as report.json records it: JSON only, losses flat as a config file writes them, keys always in the same
 * order, paths relative to `cwd`. What cannot change a value (batch size, where the report goes) is left out, so that
 * the same work gives the same bytes.
 */
export function plainConfig(config: Config, cwd: string | undefined): Record<string, unknown> {
  const {task, plugins, losses, datasetLosses, gates, device} = config;
  return {
    task,
    ...(isSetTask(task) ? plainSources(config, cwd) : plainImages(config, cwd)),
    plugins: plugins.map(({file, sha256}) => ({...relativeTo(cwd, {file}), sha256})),
    losses: [...losses, ...datasetLosses].map(({descriptor, type, id, weight, undefined: policy, options}) => ({
      type,
      id,
      ...(weight === undefined ? {} : {weight}),
      undefined: policy,
      ...inOrder(mapPaths(descriptor.options, options, (file) => relativePath(cwd, file)) as typeof options),
    })),
    ...(isSetTask(task) ? {} : plainRows(config)),
    ...(Object.keys(gates).length > 0 ? {gates} : {}),
    device,
  };
}

/** What only tasks of images have. */
function plainImages({classes, palette, inputs, match, pairs, image, generators}: Config, cwd: string | undefined) {
  const {color, alpha, size, orient, icc, page, max_pixels} = image;
  return {
    classes,
    palette,
    inputs: inOrder(relativeTo(cwd, inputs)),
    match: inOrder(match),
    ...relativeTo(cwd, {pairs}),
    ...(generators && {
      generators: {a_to_b: plainModel(generators.a_to_b, cwd), b_to_a: plainModel(generators.b_to_a, cwd)},
    }),
    image: {color, alpha, size, orient, icc, page, max_pixels},
  };
}

function plainRows({group_by, allow_missing}: Config) {
  return {group_by, allow_missing};
}

/** What only tasks of whole sets have; keys that go with a model where there is one. */
function plainSources({embeddings, scores, image}: Config, cwd: string | undefined) {
  const {file = null, labels = null, real = null, fake = null, images = null} = embeddings ?? {};
  const model = embeddings?.model ?? scores?.model ?? null;
  const keys = model && plainModel(model, cwd);
  const {alpha, orient, icc, page, max_pixels} = image;
  return {
    ...(embeddings && {
      embeddings: {
        ...relativeTo(cwd, {file, labels, real, fake}),
        ...(keys && {...relativeTo(cwd, {images}), ...keys}),
      },
    }),
    ...(scores && {
      scores: {...relativeTo(cwd, {real: scores.real, fake: scores.fake}), input: scores.input, ...keys},
    }),
    ...(model && {image: {alpha, orient, icc, page, max_pixels}}),
  };
}

function plainModel(model: ModelConfig, cwd: string | undefined) {
  return {...model, ...relativeTo(cwd, {model: model.model})};
}

function inOrder(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
