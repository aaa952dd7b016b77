import * as z from 'zod';
import {textField} from './csv-text.js';
import type {Report} from './report.js';

/** Where confusion matrices go beside report.json, which holds them as well. */
export const CONFUSION_FILE = 'confusion.csv';

/** A loss's aggregates that make a confusion matrix: rows are the target's classes, columns the predicted ones. */
const matrix = z.object({
  classes: z.array(z.string()).min(1),
  counts: z.array(z.array(z.number())),
  normalised: z.array(z.array(z.number().nullable())),
});

/**
 * The text of confusion.csv: `loss,numbers,target`, then a column for each predicted class. For every loss of the run
 * that has a matrix, a line for each class of the target with its `counts`, then the same `normalised` by the line's sum
 * (empty for a class that no target has). Null when no loss has one.
 */
export function confusionText({summary}: Report): string | null {
  const found = Object.entries(summary).flatMap(([id, column]) => {
    const {success, data} = matrix.safeParse(column);
    return success ? [{id, ...data}] : [];
  });
  const [first] = found;
  if (!first) return null;
  const lines = [['loss', 'numbers', 'target', ...first.classes].map(textField)];
  for (const {id, classes, counts, normalised} of found) {
    for (const [numbers, rows] of Object.entries({counts, normalised})) {
      classes.forEach((name, i) => {
        lines.push([textField(id), numbers, textField(name), ...(rows[i] ?? []).map((value) => String(value ?? ''))]);
      });
    }
  }
  return `${lines.map((line) => line.join(',')).join('\n')}\n`;
}
