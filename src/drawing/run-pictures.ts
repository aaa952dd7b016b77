import {UsageError} from '../errors.js';
import type {PictureFolder, ReportWriter} from '../report/open.js';
import type {Gallery} from '../rows/gallery.js';
import type {Row} from '../rows/row.js';
import {mappedLosses} from '../run/pixel-maps.js';
import {type Shown, ShownSamples} from '../run/shown-samples.js';
import type {Run} from '../run/start.js';
import {buildGallery} from './gallery.js';
import {type DrawOptions, writeHeatMaps} from './heat-maps.js';

/** What of a run is drawn, as a config says it. */
export interface PictureRequest {
  readonly dir: string | null;
  readonly formats: readonly string[];
  readonly heatmaps?: Shown | null;
  readonly gallery?: number;
  readonly assets?: 'inline' | 'link';
}

/** The pictures of a run: samples are chosen as rows pass by, and drawn when all have. */
export interface RunPictures {
  /** The folders that they are written into. */
  readonly folders: readonly PictureFolder[];
  add(row: Row): void;
  /** After the last row, while the run is open. Throws as `writeHeatMaps` does. */
  draw(report: Pick<ReportWriter, 'pictures'>, options: DrawOptions): Promise<Gallery | null>;
}

/**
 * What has to be drawn; null where nothing has. Throws UsageError where heat maps are asked for of losses that have none,
 * or of a shard.
 */
export function picturesOf(
  run: object,
  {dir, formats, heatmaps = null, gallery = 0, assets = 'inline'}: PictureRequest,
  {isShard, onNotice}: {readonly isShard: boolean; readonly onNotice?: ((line: string) => void) | undefined},
): RunPictures | null {
  if (dir === null || !isOfSamples(run)) return null;
  if (heatmaps !== null) checkMaps(run, isShard, onNotice);
  const inGallery = isShard || !formats.includes('html') ? 0 : gallery;
  if (heatmaps === null && inGallery === 0) return null;
  const columns = run.columns.filter(({name}) => name === 'total' || run.losses.some(({id}) => id === name));
  const drawn = heatmaps && new ShownSamples(columns, heatmaps);
  const [worst, best] = (['worst', 'best'] as const).map((of) => new ShownSamples(columns, {of, count: inGallery})) as [
    ShownSamples,
    ShownSamples,
  ];
  const names = columns.flatMap(({name, better}) => (better === 'none' ? [] : [name]));
  return {
    folders: [
      ...(heatmaps ? (['heatmaps'] as const) : []),
      ...(inGallery > 0 && assets === 'link' ? (['assets'] as const) : []),
    ],
    add(row) {
      drawn?.add(row);
      if (inGallery === 0) return;
      worst.add(row);
      best.add(row);
    },
    async draw(report, options) {
      const folder = report.pictures('heatmaps');
      if (drawn && folder) await writeHeatMaps(run, (column) => drawn.of(column), folder, options);
      if (inGallery === 0) return null;
      const chosen = Object.fromEntries(names.map((name) => [name, {worst: worst.of(name), best: best.of(name)}]));
      return buildGallery(run, chosen, {...options, folder: report.pictures('assets')});
    },
  };
}

/** A merge, or a run of whole sets, has no images to draw. */
function isOfSamples(run: object): run is Run {
  return 'samples' in run;
}

function checkMaps({losses}: Run, isShard: boolean, onNotice: ((line: string) => void) | undefined): void {
  if (isShard) {
    throw new UsageError(
      'heatmaps: a shard does not know the worst of all samples, and a merge has no images; score without --shard',
    );
  }
  const mapped = new Set(mappedLosses(losses).map(({loss}) => loss.id));
  const without = losses.map(({id}) => id).filter((id) => !mapped.has(id));
  if (without.length === 0) return;
  const text = `${without.join(', ')} ${without.length === 1 ? 'has' : 'have'} no value at a pixel`;
  if (mapped.size === 0)
    throw new UsageError(
      `heatmaps: ${text}, so there is nothing to draw; leave out --heatmaps, or add a loss such as mse`,
    );
  onNotice?.(`heatmaps: none of ${without.join(', ')}, which ${text.slice(without.join(', ').length + 1)}`);
}
