import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import * as z from 'zod';
import {UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import {errorCode} from '../../storage/storage-error.js';
import {reportSchema} from '../report.js';
import {SERIES_FILES} from './series-files.js';
import {SERIES_SCHEMA, type SeriesReport} from './series-report.js';

const count = z.int().min(0);
const {shape: ofReport} = reportSchema;
const ofColumn = ofReport.summary.valueType.shape;

/** series.json, as SeriesReport says it. */
const seriesSchema = z.strictObject({
  schema: z.literal(SERIES_SCHEMA),
  version: z.string(),
  samples: z.strictObject({any: count, all: count}),
  sets: z.array(
    z.strictObject({
      name: z.string(),
      pred: z.string(),
      counts: ofReport.counts,
      missing: count,
      gates: z.strictObject({passed: count, failed: count, warnings: count}),
      complete: z.boolean(),
      best: z.array(z.string()),
    }),
  ),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      statistic: z.enum(['value', 'dataset']),
      better: z.enum(['lower', 'higher', 'none']),
      best: z.array(z.string()),
      values: z.record(
        z.string(),
        z.strictObject({
          value: ofColumn.value,
          ci95: ofColumn.ci95,
          count,
          undefined: count,
          infinite: count,
        }),
      ),
    }),
  ),
});

/** Loads the series.json of a directory. Throws UsageError when it is missing, damaged, or of another form. */
export async function readSeries(dir: string): Promise<SeriesReport> {
  const path = join(dir, SERIES_FILES.json);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError('CVL-R003', `${printable(path)}: cannot be read (${errorCode(error) ?? String(error)})`, {
      cause: error,
    });
  });
  try {
    return seriesSchema.parse(JSON.parse(text));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    const line = problem.replaceAll(/\s*\n\s*/g, ' ');
    throw new UsageError('CVL-R004', `${printable(path)}: the report of the series is damaged: ${line}`, {
      cause: error,
    });
  }
}
