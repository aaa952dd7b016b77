import {crc32} from 'node:zlib';

const CHECKSUM_DIGITS = 8;

/** One line of a journal: the CRC-32 of the JSON text in eight hexadecimal digits, a space, the JSON text. */
export function journalLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** What a line (without its end) holds; null where it is torn or damaged. */
export function parseJournalLine(line: Buffer): unknown {
  const json = soundText(line);
  return json && parsed(json.toString('utf8'));
}

/** What a line holds whose checksum was found right before; null where it is none. */
export function reparseJournalLine(line: Buffer): unknown {
  return parsed(line.toString('utf8', CHECKSUM_DIGITS + 1));
}

/** The text that a line's object begins with, by its name; null for any other line, and where it is torn or damaged. */
export function firstText(line: Buffer, name: string): string | null {
  const json = soundText(line);
  const start = name.length + 4;
  if (!json || json.toString('utf8', 0, start) !== `{"${name}":`) return null;
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === BACKSLASH) at++;
    else if (json[at] === QUOTE) {
      const text = parsed(json.toString('utf8', start, at + 1));
      return typeof text === 'string' ? text : null;
    }
  }
  return null;
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** The JSON text of a line; null where its checksum is wrong. */
function soundText(line: Buffer): Buffer | null {
  if (line.length <= CHECKSUM_DIGITS || line[CHECKSUM_DIGITS] !== 0x20) return null;
  const json = line.subarray(CHECKSUM_DIGITS + 1);
  return writtenChecksum(line) === crc32(json) ? json : null;
}

/** The number in front of a line; NaN where none is written as `checksum` does. */
function writtenChecksum(line: Buffer): number {
  let value = 0;
  for (let at = 0; at < CHECKSUM_DIGITS; at++) {
    const code = line[at] as number;
    const digit = code < ZERO + 10 ? code - ZERO : code - LETTER_A + 10;
    if (!(digit >= 0 && digit < 16) || (code > ZERO + 9 && code < LETTER_A)) return Number.NaN;
    value = value * 16 + digit;
  }
  return value;
}

const ZERO = 0x30;
const LETTER_A = 0x61;

/** The value of a JSON text; null where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CHECKSUM_DIGITS, '0');
}
