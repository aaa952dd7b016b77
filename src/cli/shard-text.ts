import {relative} from 'node:path';
import type {Evaluation} from '../evaluation.js';
import type {Shard} from '../samples/shard.js';
import {countsText} from './evaluation-text.js';
import {secondsText} from './number-text.js';

/** What `eval --shard` prints: what was scored, and how the shards become a report. */
export function shardText({report, reportDir, seconds}: Evaluation, {index, count}: Shard): string {
  const lines = [
    `shard ${index}/${count} · ${countsText(report.counts)} · device ${report.device.name} · ${secondsText(seconds)}`,
  ];
  if (reportDir) {
    lines.push(
      `rows in ${relative('.', reportDir) || '.'}; with all ${count} shards: cv-loss merge SHARD… --report DIR`,
    );
  }
  return lines.join('\n');
}
