import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import {gatherTable, startSamples} from './begin-run.js';
import {resolveConfig} from './config/resolve.js';
import {UsageError} from './errors.js';
import {losses as builtIn} from './losses/registry.js';
import {formats} from './report/formats.js';
import type {StoredReport} from './report/read.js';
import type {Run} from './run/start.js';

/** The run of an earlier report, opened to look at its samples again. */
export interface StoredRun {
  readonly run: Run;
  /** When its report was written, in milliseconds. */
  readonly written: number;
}

/** Losses that read images without a network and without a first pass over the dataset. */
const FAMILIES = ['pixel', 'structural', 'mask'];
const FIRST_PASS = ['weighted-cross-entropy'];

/** The roles of what is looked at. */
const LOOKED_AT = ['pred', 'target'];

/** Whether the samples of a report are pairs of a prediction and a target, which can be looked at. */
export function hasPairs({report: {config}}: StoredReport): boolean {
  return config.task === 'photo' || config.task === 'mask';
}

/**
 * Finds the samples of a report again, from the config that it records, whose paths are relative to the working
 * directory. Its losses are there to say how images are read: no plugin, no network and no model that the report names
 * is loaded. Throws UsageError where the samples are not found, or came from standard input.
 */
export async function openStored(stored: StoredReport, signal: AbortSignal): Promise<StoredRun> {
  const {config} = stored.report;
  if (config.pairs === '-') throw new UsageError('CVL-R016', 'its samples came from standard input');
  const written = await resolveConfig({
    flags: {
      task: config.task,
      classes: config.classes,
      palette: config.palette,
      inputs: lookedAt(config.inputs),
      match: lookedAt(config.match),
      pairs: config.pairs,
      image: config.image,
      losses: readersOf(config),
      allow_missing: true,
    },
    from: 'options',
    defaultReportDir: null,
  });
  const table = await gatherTable(written, {});
  const {run} = await startSamples({...written, device: 'cpu', jobs: 1}, table, {signal, cache: false});
  return {run, written: (await stat(join(stored.dir, formats.json.file))).mtimeMs};
}

function readersOf({task, losses, inputs, pairs}: StoredReport['report']['config']): readonly unknown[] {
  const own = (Array.isArray(losses) ? losses : []).filter((loss) => {
    const found = builtIn.find(({id}) => id === typeOf(loss));
    return found && FAMILIES.includes(found.family) && !FIRST_PASS.includes(found.id);
  });
  if (own.length > 0) return own;
  if (task === 'mask') return ['iou'];
  return typeof pairs === 'string' || 'target' in lookedAt(inputs) ? ['mse'] : ['total-variation'];
}

function typeOf(loss: unknown): unknown {
  return typeof loss === 'object' && loss !== null && 'type' in loss ? loss.type : null;
}

function lookedAt(byRole: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(byRole ?? {}).filter(([role]) => LOOKED_AT.includes(role)));
}
