import type {Column, Direction} from '../rows/row.js';
import type {Summary} from '../rows/summary.js';
import {jsonValue} from './json-value.js';
import type {Ledger} from './ledger.js';
import {REPORT_SCHEMA, type Report} from './report.js';

/** What a run knows when its last row is done. */
export interface ReportParts {
  readonly version: string;
  /** The resolved config, as plain data. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly device: {
    readonly name: string;
    readonly gpu: boolean;
    readonly versions: Readonly<Record<string, string>>;
  };
  /** Networks whose features losses compared. */
  readonly networks?: readonly NetworkPart[];
  /** What the user gave, by role. */
  readonly roots: Readonly<Record<string, string>>;
  /** SHA-256 of the files that serve all rows, by role. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Keys that were left out because a role has no file for them. */
  readonly missing: number;
  readonly losses: readonly {
    readonly id: string;
    readonly descriptor: {readonly id: string};
    readonly better: Direction;
    readonly weight?: number;
  }[];
  /** What losses found in their first pass, by id. */
  readonly prepared: Readonly<Record<string, unknown>>;
  readonly columns: readonly Column[];
  readonly results: {
    readonly counts: Report['counts'];
    readonly summary: Summary;
    readonly groups: Readonly<Record<string, Summary>>;
  };
  readonly ledger: Ledger;
  /** What the rules found; none without rules. */
  readonly gates?: readonly GateVerdict[];
}

/** A rule's verdict; `actual` may be infinite. */
type GateVerdict = Omit<Report['gates'][number], 'actual'> & {readonly actual: number | null};

/** A network, and how it was run. */
interface NetworkPart {
  readonly network: string;
  readonly weights: string;
  readonly weights_sha256: string;
  readonly preprocessing: {
    readonly order: 'rgb' | 'bgr' | 'grey';
    readonly scale: number;
    readonly mean: readonly number[];
    readonly std: readonly number[];
    readonly size?: readonly [number, number];
  };
  /** Left out of a model of the user's own. */
  readonly pooling?: 'max' | 'average' | 'l2';
  readonly executor: string;
  readonly provider?: string;
  readonly threads: number | null;
}

/**
 * The content of report.json: plain JSON in a fixed order of keys, without times or anything of the machine but
 * the device, so that the same work gives the same bytes.
 */
export function buildReport(parts: ReportParts): Report {
  const {device, networks = [], gates = [], sources = {}, ledger, results} = parts;
  return {
    schema: REPORT_SCHEMA,
    version: parts.version,
    config: jsonValue(parts.config) as Report['config'],
    device: {name: device.name, gpu: device.gpu, versions: {...device.versions}},
    ...(networks.length === 0 ? {} : {networks: networks.map(networkEntry)}),
    inputs: {roots: inOrder(parts.roots), count: ledger.count, missing: parts.missing, hash: ledger.hash(sources)},
    counts: {...results.counts},
    losses: Object.fromEntries(parts.losses.map((loss) => [loss.id, lossEntry(loss, parts.prepared[loss.id])])),
    columns: parts.columns.map(({name, better}) => ({name, better})),
    summary: jsonValue(results.summary) as Report['summary'],
    groups: jsonValue(results.groups) as Report['groups'],
    failure_count: ledger.failureCount,
    failures: ledger.failures,
    gates: jsonValue(gates) as Report['gates'],
  };
}

function inOrder(roots: ReportParts['roots']): Record<string, string> {
  return Object.fromEntries(Object.entries(roots).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function networkEntry(part: NetworkPart): NonNullable<Report['networks']>[number] {
  const {order, scale, mean, std, size} = part.preprocessing;
  return {
    network: part.network,
    weights: part.weights,
    weights_sha256: part.weights_sha256,
    preprocessing: {order, scale, mean: [...mean], std: [...std], ...(size && {size: [...size]})},
    ...(part.pooling && {pooling: part.pooling}),
    executor: part.executor,
    ...(part.provider && {provider: part.provider}),
    threads: part.threads,
  };
}

function lossEntry(loss: ReportParts['losses'][number], prepared: unknown): Report['losses'][string] {
  return {
    type: loss.descriptor.id,
    better: loss.better,
    ...(loss.weight === undefined ? {} : {weight: loss.weight}),
    ...(prepared === undefined ? {} : {prepared: jsonValue(prepared)}),
  };
}
