import {existsSync} from 'node:fs';
import {join, relative} from 'node:path';
import {compareWith, type ReportComparison} from './compare.js';
import type {BaselineConfig} from './config/baseline.js';
import {UsageError} from './errors.js';
import type {Circumstances} from './gate/differences.js';
import {formats} from './report/formats.js';
import type {ReportRequest} from './report/open.js';
import {readReport} from './report/read.js';
import type {Column, Row} from './rows/row.js';

/** What a run is compared with, read before the run writes anything. */
export interface Baseline {
  /** Compares the finished run. */
  compare(run: BaselineCandidate): Promise<ReportComparison>;
}

/** A finished run. */
interface BaselineCandidate extends Circumstances {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/**
 * Reads the baseline that a config names; null where it names none, and where there is none yet and the run is to make
 * it. Throws UsageError for a baseline that is missing or damaged, and for one that a report of the run would overwrite.
 */
export async function readBaseline(
  config: BaselineConfig | null,
  reportDirs: readonly (string | null)[],
): Promise<Baseline | null> {
  if (config === null) return null;
  const {dir, update, limits, limit, level} = config;
  const shown = relative('.', dir) || '.';
  if (reportDirs.includes(dir)) {
    throw new UsageError(
      'CVL-R002',
      `baseline ${shown} is where this run's report goes; give --report another directory`,
    );
  }
  if (!existsSync(join(dir, formats.json.file))) {
    if (update) return null;
    throw new UsageError('CVL-R001', `there is no baseline at ${shown}; make one with --update-baseline`);
  }
  const stored = await readReport(dir);
  const rows: Row[] = [];
  for await (const row of stored.rows()) rows.push(row);
  const given = {limits, ...(limit && {limit}), level};
  return {compare: (candidate) => compareWith({...stored.report, rows}, candidate, given)};
}

/** The second report of a run that is to be the next baseline; none otherwise. Hashes go with it, to tell changed targets. */
export function baselineReport(config: BaselineConfig | null, columns: readonly Column[]): ReportRequest[] {
  return config?.update ? [{dir: config.dir, formats: ['csv', 'jsonl', 'json'], columns}] : [];
}
