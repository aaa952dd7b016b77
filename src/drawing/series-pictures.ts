import type {GalleryRuns} from '../rows/gallery.js';
import type {Row} from '../rows/row.js';
import type {Run} from '../run/start.js';
import type {GalleryOptions} from './gallery.js';
import {drawSideBySide} from './side-by-side.js';
import {SpreadSamples} from './spread-samples.js';

/** A set of a series. */
interface SeriesSet {
  readonly name: string;
  readonly run: Run;
}

/** The samples that differ most between the sets of a series: chosen as rows pass by, drawn when all have. */
export class SeriesPictures {
  private readonly samples: SpreadSamples;

  /** `count`: samples of each column. */
  constructor(
    private readonly sets: readonly SeriesSet[],
    count: number,
  ) {
    this.samples = new SpreadSamples(
      sets.map(({run}) => run),
      count,
    );
  }

  /** Takes the next row of a set, by its place among them. */
  add(set: number, row: Row): void {
    this.samples.add(set, row);
  }

  /** After the last row, while the runs are open: the samples of each column that differ most. Throws as `buildGallery` does. */
  async draw(options: GalleryOptions): Promise<GalleryRuns> {
    const chosen = this.samples.byColumn();
    const item = await drawSideBySide(this.sets, Object.values(chosen).flat(), options);
    const changed = Object.entries(chosen).map(([column, list]) => [column, list.map(item)] as const);
    return {names: this.sets.map(({name}) => name), changed: Object.fromEntries(changed)};
  }
}
