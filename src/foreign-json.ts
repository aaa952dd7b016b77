import {printable} from './printable.js';

/** Far deeper than any file that is read nests, and far from the end of the stack for what walks over a value. */
const DEEPEST = 200;
const LONGEST_REASON = 200;

/**
 * The value of a JSON text from outside. Throws SyntaxError of one short line, safe to print, for what is no JSON and for
 * what nests more than 200 deep.
 */
export function parseForeignJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The engine quotes the text as it stands.
    const reason = (cause as Error).message.slice(0, LONGEST_REASON).replaceAll(/\s+/g, ' ');
    throw new SyntaxError(printable(reason), {cause});
  }
  if (nestsDeeper(value, DEEPEST)) throw new SyntaxError(`nested too deeply, expected at most ${DEEPEST} levels`);
  return value;
}

/** Whether lists and maps lie in one another more than `levels` deep. */
export function nestsDeeper(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const part of Object.values(value)) if (nestsDeeper(part, levels - 1)) return true;
  return false;
}
