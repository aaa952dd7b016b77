import type {Config} from './config.js';
import {mapPaths} from './option-paths.js';
import {relativePath, relativeTo} from './relative.js';
import {isSetTask} from './task-problems.js';

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
function plainImages({classes, palette, inputs, match, pairs, image}: Config, cwd: string | undefined) {
  const {color, alpha, size, orient, icc, page, max_pixels} = image;
  return {
    classes,
    palette,
    inputs: inOrder(relativeTo(cwd, inputs)),
    match: inOrder(match),
    ...relativeTo(cwd, {pairs}),
    image: {color, alpha, size, orient, icc, page, max_pixels},
  };
}

function plainRows({group_by, allow_missing}: Config) {
  return {group_by, allow_missing};
}

/** What only tasks of whole sets have. */
function plainSources({embeddings, scores}: Config, cwd: string | undefined) {
  const {file = null, labels = null, real = null, fake = null} = embeddings ?? {};
  return {
    ...(embeddings && {embeddings: relativeTo(cwd, {file, labels, real, fake})}),
    ...(scores && {scores: {...relativeTo(cwd, {real: scores.real, fake: scores.fake}), input: scores.input}}),
  };
}

function inOrder(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
