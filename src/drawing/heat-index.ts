import {COLOUR_MAP} from '../pictures/colour-map.js';
import type {HeatScale} from '../pictures/heat-scale.js';
import {PICTURES_SCHEMA} from '../report/earlier.js';
import type {MappedLoss} from '../run/pixel-maps.js';
import type {ShownSample} from '../run/shown-samples.js';

/** A picture that was written. */
interface Written extends Pick<MappedLoss, 'loss'> {
  readonly sample: ShownSample;
  readonly file: string;
}

/** index.json beside heat maps: of each loss what its map shows, the ends of its scale and its pictures. */
export function heatIndex(
  losses: readonly MappedLoss[],
  scales: ReadonlyMap<string, HeatScale>,
  written: readonly Written[],
): string {
  const entries = losses.map(({loss: {id}, map: {shows, better}}) => {
    const own = written.filter(({loss}) => loss.id === id);
    const samples = own.map(({sample: {key, value}, file}) => ({key, value: plain(value), file}));
    return [id, {shows, better, ...scales.get(id), samples}] as const;
  });
  const index = {schema: PICTURES_SCHEMA, losses: Object.fromEntries(entries), colour_map: COLOUR_MAP};
  return `${JSON.stringify(index, null, 2)}\n`;
}

function plain(value: number): number | string {
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf';
}
