import * as z from 'zod';
import {expectation, toProblems} from '../config/issues.js';
import {fromValue} from '../config/node.js';
import {problemsError} from '../config/problem.js';
import {keysAt} from '../config/schema-keys.js';

/** How the values of a batch become one number; `none` leaves one a sample. */
export type BatchReduction = 'mean' | 'sum' | 'none';

const batch = z.enum(['mean', 'sum', 'none']).default('mean');

/**
 * Checks what a loss function was given, and fills in the defaults. `fixed` are options that a function has one value for, and
 * `unused` those that it has no use for; neither can be given. Throws UsageError, a line for each mistake.
 */
export function functionOptions(
  loss: string,
  {options, fixed = {}, unused = []}: FunctionOptions,
  given: Readonly<Record<string, unknown>>,
): {readonly batch: BatchReduction; readonly options: Record<string, unknown>} {
  const left = new Set([...Object.keys(fixed), ...unused]);
  const shape = Object.entries(options.shape).filter(([name]) => !left.has(name));
  const {batch: reduction, ...own} = checkedOptions(loss, z.strictObject({...Object.fromEntries(shape), batch}), given);
  return {batch: reduction as BatchReduction, options: options.parse({...own, ...fixed})};
}

/** What was given, as a schema reads it. Throws UsageError, a line for each mistake. */
export function checkedOptions<Schema extends z.ZodObject>(
  name: string,
  schema: Schema,
  given: object,
): z.output<Schema> {
  const {data, error} = schema.safeParse(given, {error: expectation});
  if (!error) return data;
  const root = fromValue(given, () => ({label: name, base: '.'}));
  throw problemsError(toProblems(error.issues, [], root, (path) => keysAt(schema, path)));
}

/** Which options a function takes. */
export interface FunctionOptions {
  readonly options: z.ZodObject;
  readonly fixed?: Readonly<Record<string, unknown>>;
  readonly unused?: readonly string[];
}
