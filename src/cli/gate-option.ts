import {InvalidArgumentError} from 'commander';

/** `--gate` flags as a config writes them: bounds by column and aggregate. */
export type GateFlags = Readonly<Record<string, Readonly<Record<string, Bounds>>>>;

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

const FLAG = /^\s*(?<name>[^<>=\s]+)\s*(?<sign><=|>=)\s*(?<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*$/i;

/** Aggregates that a flag knows by name; anything else after the last dot belongs to the column. */
const STATISTICS = new Set('value mean std min p05 p25 median p75 p95 max count undefined infinite dataset'.split(' '));

/**
 * Adds one `--gate` such as `mse.mean<=0.01` or `ssim>=0.95` (`ssim.value`). Throws InvalidArgumentError for anything
 * else, and for an aggregate bounded twice on the same side.
 */
export function collectGate(flag: string, before: GateFlags = {}): GateFlags {
  const {name = '', sign, number} = FLAG.exec(flag)?.groups ?? {};
  if (number === undefined) {
    throw new InvalidArgumentError("Expected column.aggregate<=number or >=, such as 'mse.mean<=0.01' (in quotes).");
  }
  const dot = name.lastIndexOf('.');
  const named = dot > 0 && STATISTICS.has(name.slice(dot + 1));
  const [column, statistic] = named ? [name.slice(0, dot), name.slice(dot + 1)] : [name, 'value'];
  const side = sign === '<=' ? 'max' : 'min';
  const ofColumn = Object.hasOwn(before, column) ? before[column] : undefined;
  const bounds = ofColumn?.[statistic];
  if (bounds?.[side] !== undefined) throw new InvalidArgumentError(`${column}.${statistic} has that bound already.`);
  const rules = {...ofColumn, [statistic]: {...bounds, [side]: Number(number)}};
  return Object.fromEntries([...Object.entries(before).filter(([other]) => other !== column), [column, rules]]);
}
