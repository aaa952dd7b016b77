import type {Report} from '../../report.js';
import {aggregatesSection} from './aggregates.js';
import {confusionSection} from './confusion-matrix.js';
import {distribution} from './distribution.js';
import {element} from './dom.js';
import {showPage} from './frame.js';
import {gallerySection} from './gallery-section.js';
import {gatesSection} from './gates.js';
import {groupsSection} from './groups.js';
import {overview} from './overview.js';
import {ownAggregatesSection} from './own-aggregates.js';
import {choosable, type Page, type Section, type takeBlocks} from './page.js';
import {provenanceSection} from './provenance.js';
import {Rows} from './rows.js';
import {RowsTable} from './rows-table.js';
import {scatter} from './scatter.js';
import {troubleSection} from './trouble.js';
import {tuplesSection} from './tuples.js';
import {Viewer} from './viewer.js';

/** The page of a run. */
export function showRun(report: Report, blocks: ReturnType<typeof takeBlocks>): void {
  const rows = new Rows(report.columns, blocks.rows);
  const gallery = blocks.one('gallery');
  const omitted = blocks.one('omitted')?.rows ?? 0;
  const types = Object.fromEntries(Object.entries(report.losses).map(([id, {type}]) => [id, type]));
  const isMain = (name: string) => name === 'total' || Object.hasOwn(types, name);
  const viewer = new Viewer({types, isMain}, rows, gallery);
  const page: Page = {
    rows,
    gallery,
    types,
    isMain,
    open: (keys, at) => viewer.open(keys, at),
    show: (filter) => table.show(filter),
  };
  const table = new RowsTable(page, omitted);
  const sections = [
    gatesSection(report.gates),
    aggregatesSection(page, report),
    chartsSection(page),
    gallerySection(page),
    tuplesSection(page),
    troubleSection(page, report),
    groupsSection(page, report),
    confusionSection(report),
    ownAggregatesSection(report),
    rows.count > 0 ? table.section : null,
    provenanceSection(report),
  ];
  showPage(overview(report), sections, [viewer.dialog]);
  if (rows.count > 0) table.mount();
}

/** Distribution and scatter; null where no row has a number. */
function chartsSection(page: Page): Section | null {
  const options = choosable(page);
  const [first, second] = options;
  if (page.rows.count === 0 || !first) return null;
  const body = element('div', {class: 'charts'}, distribution(page), second && scatter(page, [first[0], second[0]]));
  return {id: 'charts', title: 'Distributions', body};
}
