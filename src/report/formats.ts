import {csv} from './csv.js';
import type {ReportFormat} from './format.js';
import {json} from './json.js';
import {jsonl} from './jsonl.js';

/** Every format, by the name that configs use. `json` stays last: its file takes its name after all others. */
export const formats = {csv, jsonl, json} as const satisfies Record<string, ReportFormat>;

/** A format that a report can be written in. */
export type FormatName = keyof typeof formats;
