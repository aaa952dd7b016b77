import * as z from 'zod';
import {printable} from '../printable.js';

const SHOWN = 3;
const LONGEST = 300;

/** What is wrong with a file's content in a short line that is safe to print: the first problems, and how many more there are. */
export function shapeProblem(error: z.ZodError): string {
  const text = z.prettifyError(new z.ZodError(error.issues.slice(0, SHOWN))).replaceAll(/\s*\n\s*/g, ' ');
  const more = error.issues.length - SHOWN;
  return `${printable(text.slice(0, LONGEST))}${more > 0 ? `, and ${more} more` : ''}`;
}
