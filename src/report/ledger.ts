import {createHash} from 'node:crypto';
import type {Row} from '../rows/row.js';
import {FAILURES_LISTED, type Report} from './report.js';

/** What a report says of the rows one by one: how many, of which bytes, and which failed. Rows are added in key order. */
export class Ledger {
  private readonly hashing = createHash('sha256');
  private readonly listed: Report['failures'] = [];
  private rowCount = 0;
  private failed = 0;

  add(row: Row): void {
    this.rowCount++;
    this.hashing.update(`${JSON.stringify([row.key, ...Object.entries(row.sha256).sort(byRole)])}\n`);
    if (row.status !== 'failed') return;
    this.failed++;
    if (this.listed.length < FAILURES_LISTED) this.listed.push({key: row.key, ...splitReason(row.reason)});
  }

  get count(): number {
    return this.rowCount;
  }

  get failureCount(): number {
    return this.failed;
  }

  /** The first failed samples, 1,000 at most. */
  get failures(): Report['failures'] {
    return [...this.listed];
  }

  /**
   * SHA-256 over each key and its files' SHA-256 by role, then over those of files that serve all rows: equal for runs
   * over the same bytes under the same keys.
   */
  hash(sources: Readonly<Record<string, string>> = {}): string {
    const hash = this.hashing.copy();
    const files = Object.entries(sources).sort(byRole);
    if (files.length > 0) hash.update(`${JSON.stringify(files)}\n`);
    return hash.digest('hex');
  }
}

/** `code: message`, as the reason of a failed row is written. */
function splitReason(reason: string): {code: string; message: string} {
  const [, code, message] = /^([a-z0-9-]+): (.*)$/s.exec(reason) ?? [];
  return code === undefined ? {code: 'unknown', message: reason} : {code, message: message ?? ''};
}

function byRole([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
