import {UsageError} from '../errors.js';
import {notice} from '../notice.js';
import type {PictureFolder, ReportWriter} from '../report/open.js';
import type {Gallery} from '../rows/gallery.js';
import type {Row} from '../rows/row.js';
import type {Summary} from '../rows/summary.js';
import {mappedLosses} from '../run/pixel-maps.js';
import {type Shown, ShownSamples} from '../run/shown-samples.js';
import type {Run} from '../run/start.js';
import {type BaselineChange, changedSamples} from './changed-samples.js';
import {buildGallery} from './gallery.js';
import {type TupleRun, tupleGallery} from './gallery-tuples.js';
import {type DrawOptions, writeHeatMaps} from './heat-maps.js';

/** What of a run is drawn, as a config says it. */
export interface PictureRequest {
  readonly dir: string | null;
  readonly formats: readonly string[];
  readonly heatmaps?: Shown | null;
  readonly gallery?: number;
  readonly assets?: 'inline' | 'link';
}

/** What is known when all rows have passed by. */
interface DrawnResults {
  readonly summary: Summary;
  /** By column, what worsened most from a baseline; null without one. */
  readonly changes: readonly BaselineChange[] | null;
  /** All of them where there are changes. */
  readonly rows: readonly Row[];
}

/** The pictures of a run: samples are chosen as rows pass by, and drawn when all have. */
export interface RunPictures {
  /** The folders that they are written into. */
  readonly folders: readonly PictureFolder[];
  add(row: Row): void;
  /** After the last row, while the run is open. Throws as `writeHeatMaps` does. */
  draw(report: Pick<ReportWriter, 'pictures'>, results: DrawnResults, options: DrawOptions): Promise<Gallery | null>;
}

/**
 * What has to be drawn; null where nothing has. Throws UsageError where heat maps are asked for of losses that have none,
 * or of a shard.
 */
export function picturesOf(
  run: object,
  request: PictureRequest,
  {isShard, onNotice}: {readonly isShard: boolean; readonly onNotice?: ((line: string) => void) | undefined},
): RunPictures | null {
  const {dir, formats, heatmaps = null, gallery = 0, assets = 'inline'} = request;
  if (dir === null) return null;
  const count = isShard || !formats.includes('html') ? 0 : gallery;
  const folders: readonly PictureFolder[] = count > 0 && assets === 'link' ? ['assets'] : [];
  if (isOfTuples(run)) return count > 0 ? tuplePictures(run, folders) : null;
  if (!isOfSamples(run)) return null;
  if (heatmaps !== null) checkMaps(run, isShard, onNotice);
  if (heatmaps === null && count === 0) return null;
  return samplePictures(run, {heatmaps, count, folders});
}

function samplePictures(
  run: Run,
  {
    heatmaps,
    count,
    folders,
  }: {readonly heatmaps: Shown | null; readonly count: number; readonly folders: readonly PictureFolder[]},
): RunPictures {
  const columns = run.columns.filter(({name}) => name === 'total' || run.losses.some(({id}) => id === name));
  const drawn = heatmaps && new ShownSamples(columns, heatmaps);
  const worst = new ShownSamples(columns, {of: 'worst', count});
  const best = new ShownSamples(columns, {of: 'best', count});
  return {
    folders: heatmaps ? ['heatmaps', ...folders] : folders,
    add(row) {
      drawn?.add(row);
      if (count === 0) return;
      worst.add(row);
      best.add(row);
    },
    async draw(report, {changes, rows}, options) {
      const folder = report.pictures('heatmaps');
      if (drawn && folder) await writeHeatMaps(run, (column) => drawn.of(column), folder, options);
      if (count === 0) return null;
      const names = columns.flatMap(({name, better}) => (better === 'none' ? [] : [name]));
      const chosen = names.map((name) => [name, {worst: worst.of(name), best: best.of(name)}] as const);
      const changed = changes && changedSamples(rows, changes, names, count);
      const lists = {columns: Object.fromEntries(chosen), ...(changed && {changed})};
      return buildGallery(run, lists, {...options, folder: report.pictures('assets')});
    },
  };
}

function tuplePictures(run: TupleRun, folders: readonly PictureFolder[]): RunPictures {
  return {
    folders,
    add: () => undefined,
    draw: (report, {summary}, options) => tupleGallery(run, summary, {...options, folder: report.pictures('assets')}),
  };
}

/** A merge has no images to draw. */
function isOfSamples(run: object): run is Run {
  return 'samples' in run;
}

function isOfTuples(run: object): run is TupleRun {
  return 'between' in run;
}

function checkMaps({losses}: Run, isShard: boolean, onNotice: ((line: string) => void) | undefined): void {
  if (isShard) {
    throw new UsageError(
      'CVL-C021',
      'heatmaps: a shard does not know the worst of all samples, and a merge has no images; score without --shard',
    );
  }
  const mapped = new Set(mappedLosses(losses).map(({loss}) => loss.id));
  const without = losses.map(({id}) => id).filter((id) => !mapped.has(id));
  if (without.length === 0) return;
  const names = without.join(', ');
  const have = without.length === 1 ? 'has' : 'have';
  if (mapped.size === 0) {
    const remedy = 'so there is nothing to draw; leave out --heatmaps, or add a loss such as mse';
    throw new UsageError('CVL-C021', `heatmaps: ${names} ${have} no value at a pixel, ${remedy}`);
  }
  onNotice?.(notice('CVL-W024', `heatmaps: none of ${names}, which ${have} no value at a pixel`));
}
