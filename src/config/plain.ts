import type {Config} from './config.js';
import {relativeTo} from './relative.js';

/**
 * The config as report.json records it: JSON only, losses flat as a config file writes them, keys always in the same
 * order, paths relative to `cwd`. What cannot change a value (batch size, where the report goes) is left out, so that
 * the same work gives the same bytes.
 */
export function plainConfig(config: Config, cwd: string | undefined): Record<string, unknown> {
  const {task, classes, palette, inputs, match, pairs, image, plugins, losses, group_by, allow_missing, device} =
    config;
  const {color, alpha, size, orient, icc, page, max_pixels} = image;
  return {
    task,
    classes,
    palette,
    inputs: inOrder(relativeTo(cwd, inputs)),
    match: inOrder(match),
    ...relativeTo(cwd, {pairs}),
    image: {color, alpha, size, orient, icc, page, max_pixels},
    plugins: plugins.map(({file, sha256}) => ({...relativeTo(cwd, {file}), sha256})),
    losses: losses.map(({type, id, weight, undefined: policy, options}) => ({
      type,
      id,
      ...(weight === undefined ? {} : {weight}),
      undefined: policy,
      ...inOrder(options),
    })),
    group_by,
    allow_missing,
    device,
  };
}

function inOrder(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
