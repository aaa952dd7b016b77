import {CST, Lexer} from 'yaml';
import {MAX_DEPTH} from './node.js';

const MAX_TOKENS = 10_000;
const MAX_TOKEN_LENGTH = 65_536;

/** The message for a text of too many levels. */
export const NESTED = `nested too deeply, expected at most ${MAX_DEPTH} levels`;

/**
 * Why a YAML text would take too long, or too deep a stack, to parse, and at which offset; null for any config of a
 * sane size. The lexer alone is quick, linear and does not recurse; all after it does.
 */
export function excess(text: string): {readonly offset: number; readonly what: string} | null {
  const levels = new Levels();
  let tokens = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type !== null && MARKS.has(type)) continue;
    if (++tokens > MAX_TOKENS) return {offset, what: `too much for a config: more than ${MAX_TOKENS} tokens`};
    if (token.length > MAX_TOKEN_LENGTH) return {offset, what: 'too much for a config: one value of more than 64 KiB'};
    levels.add(token, type);
    // A block level starts at a column of its own, or is a list in a map at the map's: two levels a column.
    if (levels.flow > MAX_DEPTH || levels.columns.length > MAX_DEPTH) return {offset, what: NESTED};
    offset += token.length;
  }
  return null;
}

/** Tokens of the lexer's own that stand for no text. */
const MARKS: ReadonlySet<CST.TokenType | null> = new Set(['doc-mode', 'flow-error-end', 'scalar'] as const);
const BLANK: ReadonlySet<CST.TokenType | null> = new Set(['space', 'comment', 'newline'] as const);

/** How many collections are open, at most, after the tokens so far. */
class Levels {
  /** Open `[` and `{`. */
  flow = 0;
  /** Columns where an open block collection may have begun, rising. */
  readonly columns: number[] = [];
  private column = 0;
  private begins = true;

  add(token: string, type: CST.TokenType | null): void {
    if (type === 'flow-seq-start' || type === 'flow-map-start') this.flow += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') this.flow = Math.max(0, this.flow - 1);
    else if (this.flow === 0 && !BLANK.has(type)) this.addBlock(type);
    const newline = token.lastIndexOf('\n');
    this.column = newline < 0 ? this.column + token.length : token.length - newline - 1;
    if (newline >= 0) this.begins = true;
  }

  private addBlock(type: CST.TokenType | null): void {
    if (this.begins) {
      while ((this.columns.at(-1) ?? -1) >= this.column) this.columns.pop();
      this.columns.push(this.column);
    }
    if (type === 'anchor' || type === 'tag') return;
    this.begins = type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind';
  }
}
