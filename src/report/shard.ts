import {journalLine} from '../journal/line.js';
import {toStored} from '../journal/row-entry.js';
import {SHARD_FILE, type ShardHeader, storedShardHeader} from '../journal/shard-header.js';
import type {ReportFormat} from './format.js';

/**
 * shard.jsonl, what `cv-loss merge` reads: the header, the rows in key order with nothing lost, and their number. Every
 * line begins with the CRC-32 of its JSON.
 */
export function shardFormat(header: ShardHeader): ReportFormat {
  const columns = header.columns.map(({name}) => name);
  let rows = 0;
  return {
    file: SHARD_FILE,
    async open(output) {
      await output.write(journalLine(storedShardHeader(header)));
      return {
        async row(row) {
          rows++;
          await output.write(journalLine(toStored({row, files: {}}, columns)));
        },
        end: () => output.write(journalLine({rows})),
      };
    },
  };
}
