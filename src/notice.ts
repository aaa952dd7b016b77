import type {NoticeCode} from './messages/catalogue.js';

/** A line that warns, ending in its code as the line of an error does; what only says how far a run is has none. */
export function notice(code: NoticeCode, text: string): string {
  return `${text} [${code}]`;
}
