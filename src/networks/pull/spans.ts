import {convolutions} from '../convolutions.js';
import type {KnownNetwork} from '../known.js';
import type {WeightsOrigin} from '../origins.js';
import {safetensorsHeader} from '../store/stored-file.js';
import {neededTensors} from '../weights/layout.js';
import type {TensorEntry} from '../weights/safetensors-header.js';

/** Bytes of a remote file, from `start` to before `end`; to its end where that is null. */
export interface Span {
  readonly start: number;
  readonly end: number | null;
}

/** What of a safetensors file is fetched: a header of its own and then the spans make a safetensors file of the tensors needed. */
export interface TensorPlan {
  readonly header: Buffer;
  readonly spans: readonly Span[];
}

/**
 * The parts of a safetensors file that a network needs. `dataStart` is where the file's header ends; its tensors must have been
 * found to fit.
 */
export function planTensors(
  {definition}: KnownNetwork,
  {layout}: WeightsOrigin,
  entries: ReadonlyMap<string, TensorEntry>,
  dataStart: number,
): TensorPlan {
  const names = convolutions(definition).flatMap((one) => neededTensors(layout, one, entries).map(({name}) => name));
  const needed = names.map((name) => ({name, entry: entries.get(name) as TensorEntry}));
  needed.sort((a, b) => a.entry.start - b.entry.start);
  const header: Record<string, unknown> = {};
  const spans: {start: number; end: number}[] = [];
  let at = 0;
  for (const {name, entry} of needed) {
    const length = entry.end - entry.start;
    header[name] = {dtype: entry.dtype, shape: entry.shape, data_offsets: [at, at + length]};
    at += length;
    const start = dataStart + entry.start;
    const last = spans.at(-1);
    // Neighbours come in one request.
    if (last?.end === start) last.end = start + length;
    else spans.push({start, end: start + length});
  }
  return {header: safetensorsHeader(header), spans};
}
