import {crc32} from 'node:zlib';

const CHECKSUM_DIGITS = 8;

/** One line of a journal: the CRC-32 of the JSON text in eight hexadecimal digits, a space, the JSON text. */
export function journalLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** What a line (without its end) holds; null where it is torn or damaged. */
export function parseJournalLine(line: Buffer): unknown {
  if (line.length <= CHECKSUM_DIGITS || line[CHECKSUM_DIGITS] !== 0x20) return null;
  const json = line.subarray(CHECKSUM_DIGITS + 1);
  if (line.toString('latin1', 0, CHECKSUM_DIGITS) !== checksum(json)) return null;
  return JSON.parse(json.toString('utf8'));
}

function checksum(data: string | Buffer): string {
  return crc32(data).toString(16).padStart(CHECKSUM_DIGITS, '0');
}
