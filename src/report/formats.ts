import {csv} from './csv.js';
import type {ReportFormat} from './format.js';
import {html} from './html/html.js';
import {json} from './json.js';
import {jsonl} from './jsonl.js';
import {junit} from './junit.js';
import {markdown} from './markdown.js';
import {metrics} from './metrics-json.js';
import {openmetrics} from './openmetrics.js';
import {parquet} from './parquet.js';

/** Every format, by the name that configs use. `json` stays last: its file takes its name after all others. */
export const formats = {
  csv,
  jsonl,
  parquet,
  html,
  junit,
  openmetrics,
  markdown,
  metrics,
  json,
} as const satisfies Record<string, ReportFormat>;

/** A format that a report can be written in. */
export type FormatName = keyof typeof formats;
