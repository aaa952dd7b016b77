import {resolve} from 'node:path';
import type {AlphaPolicy} from '../images/alpha.js';
import {memoryBudget} from './memory-budget.js';
import type {RunSettings} from './start.js';

/** The part of a resolved config that a run reads, under the names of a config file. */
export interface RunConfig {
  readonly image: {
    readonly color: RunSettings['image']['color'];
    readonly alpha: 'error' | 'drop' | `blend #${string}`;
    readonly size: RunSettings['size'];
    readonly orient: boolean;
    readonly icc: RunSettings['image']['icc'];
    readonly page: number | null;
    readonly max_pixels: number;
    readonly max_seconds: number;
  };
  readonly classes: RunSettings['classes'];
  /** Colours of masks and the ids they stand for. */
  readonly palette: readonly {readonly colour: number; readonly id: number}[] | null;
  readonly losses: RunSettings['losses'];
  readonly device: RunSettings['device'];
  readonly require_gpu?: boolean;
  readonly batch_size: number | null;
  readonly jobs: number | null;
  /** Bytes; null for no limit but the device's. */
  readonly max_memory: number | null;
  readonly generators?: RunSettings['generators'];
}

/** A config's image and run sections as the rooms below take them; messages name files from `cwd`. */
export function runSettings(config: RunConfig, cwd = '.'): RunSettings {
  const {image, classes, palette, losses, device, require_gpu = false, generators = null} = config;
  const {batch_size, jobs, max_memory} = config;
  const {color, size, orient, icc, page, max_pixels} = image;
  return {
    image: {
      color,
      orient,
      icc,
      page,
      alpha: alphaPolicy(image.alpha),
      maxPixels: max_pixels,
      palette: palette && new Map(palette.map(({colour, id}) => [colour, id])),
    },
    size,
    classes,
    losses,
    device,
    requireGpu: require_gpu,
    batchSize: batch_size,
    jobs,
    maxSeconds: image.max_seconds,
    memory: memoryBudget(max_memory),
    cwd: resolve(cwd),
    generators,
  };
}

/** `blend #rrggbb` as three levels of 0..255. */
function alphaPolicy(alpha: RunConfig['image']['alpha']): AlphaPolicy {
  if (alpha === 'error' || alpha === 'drop') return alpha;
  const hex = Number.parseInt(alpha.slice(alpha.indexOf('#') + 1), 16);
  return {blend: [hex >> 16, (hex >> 8) & 255, hex & 255]};
}
