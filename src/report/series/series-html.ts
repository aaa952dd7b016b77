import type {GalleryRuns} from '../../rows/gallery.js';
import {formats} from '../formats.js';
import {beginPage} from '../html/page.js';
import type {SeriesReport} from './series-report.js';

/** series.html: every loss by set, which set is best, and the way to the page of each set. */
export async function writeSeriesPage(
  write: (text: string) => Promise<void>,
  series: SeriesReport,
  runs: GalleryRuns | null = null,
): Promise<void> {
  const page = await beginPage(write, {title: 'cv-loss series', about: 'The report of a series of cv-loss.'});
  const links = Object.fromEntries(series.sets.map(({name}) => [name, linkTo(name)]));
  await page.data('series', {series, links});
  if (runs) await page.data('runs', runs);
  await page.end();
}

/** Sets lie in directories of their names beside the page. */
function linkTo(name: string): string {
  return ['.', ...name.split('/').map(encodeURIComponent), formats.html.file].join('/');
}
