import type {FileHandle} from 'node:fs/promises';
import * as z from 'zod';
import {nestsDeeper} from '../../foreign-json.js';
import {journalLine, parseJournalLine} from '../../journal/line.js';
import type {RunIdentity} from './identity.js';

/** What the first line of a journal says it is. */
const JOURNAL_SCHEMA = 'cv-loss-journal/1';

const shape = z.object({
  journal: z.literal(JOURNAL_SCHEMA),
  identity: z.record(z.string(), z.unknown()),
  columns: z.array(z.string()),
});

/** The first line of a journal; `empty` where not even one was written, `foreign` of any other file. */
export type JournalHeader = z.output<typeof shape> | 'empty' | 'foreign';

/** The first line of a journal. */
export function headerLine(identity: RunIdentity, columns: readonly string[]): string {
  return journalLine({journal: JOURNAL_SCHEMA, identity, columns});
}

/** What the first whole line of a file (without its end) is. */
export function readHeader(line: Buffer): JournalHeader {
  const value = parseJournalLine(line);
  const parsed = shape.safeParse(value);
  return parsed.success && !nestsDeeper(value) ? parsed.data : 'foreign';
}

/** How every journal begins, whatever its checksum. */
const BEGINNING = `00000000 {"journal":"${JOURNAL_SCHEMA}"`;

/** What a file without a whole line is: a journal that was torn before its first line was there (a power loss may leave zeros), or something else. */
export async function readTornHeader(file: FileHandle): Promise<JournalHeader> {
  const {buffer, bytesRead} = await file.read(Buffer.alloc(BEGINNING.length), 0, BEGINNING.length, 0);
  const text = buffer.toString('latin1', 0, bytesRead);
  const checksum = /^[0-9a-f]*/.exec(text.slice(0, 8))?.[0] ?? '';
  const isOurs = BEGINNING.startsWith(checksum.replace(/./g, '0') + text.slice(checksum.length));
  return isOurs || /^\0*$/.test(text) ? 'empty' : 'foreign';
}
