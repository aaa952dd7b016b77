import * as z from 'zod';
import {RunError, UsageError} from '../errors.js';
import type {LossContext, LossDescriptor, LossInstance} from './contract.js';
import {isPlainData} from './plain-data.js';
import {viewOptions} from './view-options.js';

/**
 * A loss that others wrote: what it makes is checked as it is made, and what it throws is said in one line with its
 * name. `create`, `prepare`, `better` and `objective` throw UsageError (nothing was computed yet), `aggregate` RunError
 * `loss-failed`. Its cells are checked where every loss's are, in the run.
 */
export function guardedLoss(descriptor: LossDescriptor): LossDescriptor {
  const {id, better, objective} = descriptor;
  const mistake = (where: string) => (text: string) => new UsageError('CVL-C017', `loss '${id}': ${where}: ${text}`);
  const lost = (text: string) => new RunError('loss-failed', `loss '${id}': aggregate: ${text}`);
  return {
    ...descriptor,
    better: typeof better === 'function' ? (options) => chosen('better', DIRECTIONS, () => better(options)) : better,
    objective:
      typeof objective === 'function'
        ? (options) => chosen('objective', OBJECTIVES, () => objective(options))
        : objective,
    create: async (options, context) => {
      const made = await calling(() => descriptor.create(options, context), mistake('create'), context.signal);
      return guardedInstance(checked(made, mistake('create')), mistake('prepare'), context);
    },
    ...(descriptor.aggregate && {
      aggregate: (columns, options) => {
        const made = callingNow(() => descriptor.aggregate?.(columns, options), lost);
        const found = aggregateMistake(made);
        if (found) throw lost(found);
        return made as Readonly<Record<string, unknown>>;
      },
    }),
  };

  function chosen<Choice extends string>(where: string, choices: readonly Choice[], choose: () => Choice): Choice {
    const choice = callingNow(choose, mistake(where));
    if (choices.includes(choice)) return choice;
    throw mistake(where)(`expected ${choices.join(', ')}, got ${shown(choice)}`);
  }
}

const DIRECTIONS = ['lower', 'higher', 'none'] as const;
const OBJECTIVES = ['itself', 'one-minus', 'none'] as const;

type Mistake = (text: string) => Error;

async function calling<Value>(call: () => Value, mistake: Mistake, signal: AbortSignal): Promise<Awaited<Value>> {
  try {
    return await call();
  } catch (error) {
    // An interrupted run ends with its own reason.
    if (signal.aborted) throw error;
    throw mistake(messageOf(error));
  }
}

function callingNow<Value>(call: () => Value, mistake: Mistake): Value {
  try {
    return call();
  } catch (error) {
    throw mistake(messageOf(error));
  }
}

const callable = z.custom((value) => typeof value === 'function', 'expected a function');

const instanceSchema = z.object({
  columns: z
    .array(z.object({part: z.string().regex(/^[\w .-]*$/), better: z.enum(DIRECTIONS)}))
    .min(1)
    .refine(
      // Column names have `_` for a dot.
      (columns) => new Set(columns.map(({part}) => part.replaceAll('.', '_'))).size === columns.length,
      'expected different parts',
    ),
  view: z.object({
    color: viewOptions.color.unwrap(),
    range: viewOptions.range.unwrap(),
    cropBorder: viewOptions.crop_border.unwrap(),
  }),
  memory: callable,
  prepare: callable.optional(),
  perSample: callable,
  fused: callable.optional(),
  viaNetwork: callable.optional(),
  program: z.object({feed: callable, forward: callable}).optional(),
  pixelMap: z
    .object({shows: z.string(), better: z.enum(['lower', 'higher']), value: callable.optional(), of: callable})
    .optional(),
  dispose: callable.optional(),
});

/** The instance, when it is what `LossInstance` says. */
function checked(made: unknown, mistake: Mistake): LossInstance {
  const {error} = instanceSchema.safeParse(made);
  const issue = error?.issues[0];
  if (!issue) return made as LossInstance;
  const path = issue.path.length === 0 ? 'what it gives' : issue.path.map(String).join('.');
  throw mistake(`${path}: ${issue.message}`);
}

/** The same instance with a guarded first pass; whatever it is made of (a class, a literal), its methods keep their `this`. */
function guardedInstance(instance: LossInstance, mistake: Mistake, {signal}: LossContext): LossInstance {
  const {columns, view, program, pixelMap} = instance;
  return {
    columns,
    view,
    memory: (height, width, channels) => instance.memory(height, width, channels),
    perSample: (batch) => instance.perSample(batch),
    ...(program && {program}),
    ...(pixelMap && {pixelMap}),
    ...(instance.prepare && {
      prepare: async (dataset) => {
        const found = await calling(() => instance.prepare?.(dataset), mistake, signal);
        if (!isPlainData(found)) throw mistake('expected plain JSON data');
        return found;
      },
    }),
    ...(instance.fused && {fused: (sample) => instance.fused?.(sample) ?? {}}),
    ...(instance.viaNetwork && {viaNetwork: async (sample) => (await instance.viaNetwork?.(sample)) ?? {}}),
    ...(instance.dispose && {dispose: () => instance.dispose?.()}),
  };
}

/** What is wrong with a loss's own aggregates; null when nothing is. */
function aggregateMistake(made: unknown): string | null {
  if (typeof made !== 'object' || made === null || Array.isArray(made) || !isPlainData(made)) {
    return `expected a map of plain JSON data, got ${shown(made)}`;
  }
  const {value} = made as {value?: unknown};
  if (value === undefined || value === null || typeof value === 'number') return null;
  return `value: expected a number or null, got ${shown(value)}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .slice(0, 500);
}
