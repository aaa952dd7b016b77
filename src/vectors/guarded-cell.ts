/** What begins so is run as a formula by spreadsheets (OWASP, "CSV injection"), and what a guard before it looks like. */
const RUN = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const GUARDED = /^''*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** Text of a key or label as a cell of a CSV: `'` in front of what a spreadsheet would run. */
export function guarded(text: string): string {
  return RUN.test(text) ? `'${text}` : text;
}

/** The text that `guarded` wrote; any other as it is, a name that begins with `'` included. */
export function unguarded(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell;
}
