/** Cells that begin so are run as formulas by spreadsheets (OWASP, "CSV injection"); the quote itself is among them so that it can be taken off again. */
const GUARDED = /^['=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

const NEEDS_QUOTES = /[",\r\n]/;

/** Text as a CSV field: `'` in front of what a spreadsheet would run, quoted where RFC 4180 asks for it. */
export function textField(text: string): string {
  const guarded = GUARDED.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** The text that `textField` wrote, given the field without its quotes: one leading `'` is removed. */
export function unguardedText(field: string): string {
  return field.startsWith("'") ? field.slice(1) : field;
}
