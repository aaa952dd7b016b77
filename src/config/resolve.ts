import {resolve} from 'node:path';
import * as z from 'zod';
import type {AnyLossDescriptor} from '../losses/dataset-contract.js';
import {datasetLosses} from '../losses/dataset-registry.js';
import {losses} from '../losses/registry.js';
import {bytesOf} from './byte-size.js';
import {classProblems} from './class-problems.js';
import {type AnyLossEntry, byScope, type Config, type ImageConfig} from './config.js';
import {parseEntries} from './entries.js';
import {expectation, toProblems, unknownKey} from './issues.js';
import {configFile, configLayers, type ConfigRequest as Layers} from './layers.js';
import {type ConfigNode, type ConfigPath, nodeAt, positionOf, prototypeKeys, toValue} from './node.js';
import {pictureProblems, shownOf} from './pictures.js';
import {pluginRequests} from './plugin-list.js';
import {givenLosses, loadPlugins} from './plugins.js';
import {type Problem, problemsError} from './problem.js';
import {checkRoles} from './roles.js';
import {configSchema, type ParsedConfig} from './schema.js';
import {keysAt} from './schema-keys.js';
import {seriesProblems} from './series.js';
import {taskProblems} from './task-problems.js';
import {generatorsConfig} from './user-models.js';
import {vectorSources} from './vector-sources.js';

export {plainConfig} from './plain.js';
export type {ConfigInput, LossInput} from './schema.js';

/** What a command line or a program asks for. */
export interface ConfigRequest extends Layers {
  /** `report.dir` where nothing says it, relative to `cwd`; null writes no report. `cv-loss-report` by default. */
  readonly defaultReportDir?: string | null;
  /**
   * The losses there are, plugins apart; the built-in ones by default. A program adds losses of its own without a file
   * as `[...losses, mine]`.
   */
  readonly descriptors?: readonly AnyLossDescriptor[];
}

/**
 * One checked config out of flags, settings, the config file and the defaults; the earlier of these wins.
 * Throws UsageError with a line for each mistake: where it was written, what was expected, what came.
 */
export async function resolveConfig(request: ConfigRequest): Promise<Config> {
  const cwd = resolve(request.cwd ?? '.');
  return resolveWritten(await configFile(request, cwd), request, cwd);
}

async function resolveWritten(file: ConfigNode, request: ConfigRequest, cwd: string): Promise<Config> {
  const {defaultReportDir = 'cv-loss-report'} = request;
  const known = givenLosses(request.descriptors ?? [...losses, ...datasetLosses], cwd);
  const {root, taskIsOpen} = await configLayers(file, request, cwd);
  const requests = pluginRequests(root, request.file === undefined);
  const plugins = await loadPlugins(requests ?? [], known);
  const descriptors = [...known, ...plugins.descriptors];
  const schema = configSchema(descriptors, z.unknown());
  const problems: Problem[] = [];
  const parsed = schema.safeParse(toValue(root), {error: expectation});
  if (parsed.error) problems.push(...toProblems(parsed.error.issues, [], root, (path) => keysAt(schema, path)));
  // Without its plugins, a loss of theirs would look unknown.
  const entries = requests === null ? [] : parseEntries(root, descriptors, problems);
  if (problems.length === 0) {
    for (const path of prototypeKeys(root)) problems.push(unknownKey('__proto__', path.slice(0, -1), root, []));
  }
  if (request.file === '-' && parsed.data?.pairs === '-') {
    problems.push({
      code: 'CVL-C024',
      at: positionOf(root, ['pairs']),
      text: 'standard input holds the config already, expected a file',
    });
  }
  if (parsed.success) {
    problems.push(...classProblems(parsed.data, root), ...taskProblems(parsed.data, entries, root));
    problems.push(...seriesProblems(parsed.data, root), ...pictureProblems(parsed.data, root));
  }
  if (!parsed.success || problems.length > 0) throw problemsError(problems);
  const forMasks = () => resolveWritten(file, {...request, flags: {...request.flags, task: 'mask'}}, cwd);
  const config = {
    ...finish(parsed.data, {root, cwd, plugins: plugins.records, entries, defaultReportDir}),
    forMasks: taskIsOpen ? forMasks : null,
  };
  checkRoles(config, root, descriptors);
  return config;
}

interface Surroundings {
  readonly root: ConfigNode;
  readonly cwd: string;
  readonly plugins: Config['plugins'];
  readonly entries: readonly AnyLossEntry[];
  readonly defaultReportDir: string | null;
}

/** Makes paths absolute, each from where it was written. */
function finish(
  parsed: ParsedConfig,
  {root, cwd, plugins, entries, defaultReportDir}: Surroundings,
): Omit<Config, 'forMasks'> {
  const absolute = (path: ConfigPath, value: string) => resolve(positionOf(root, path).base, value);
  const {version: _version, preset: _preset, pairs, report, image, ...rest} = parsed;
  const {dir = defaultReportDir} = report;
  const dirBase = nodeAt(root, ['report', 'dir']) ? positionOf(root, ['report', 'dir']).base : cwd;
  return {
    ...rest,
    max_memory: parsed.max_memory === null ? null : bytesOf(parsed.max_memory),
    inputs: mapRoles(parsed.inputs, (role, path) => absolute(['inputs', role], path)),
    series: seriesPaths(parsed.series, absolute),
    match: mapRoles(parsed.match, (_role, pattern) => pattern),
    pairs: pairs === null || pairs === '-' ? pairs : absolute(['pairs'], pairs),
    image: image as ImageConfig,
    baseline: parsed.baseline && {...parsed.baseline, dir: absolute(['baseline', 'dir'], parsed.baseline.dir)},
    plugins,
    ...byScope(entries),
    ...vectorSources(parsed, root),
    generators: generatorsConfig(parsed.generators, absolute),
    report: {
      ...report,
      dir: dir === null ? null : resolve(dirBase, dir),
      formats: [...new Set(report.formats)],
      heatmaps: shownOf(report.heatmaps),
    },
  };
}

function seriesPaths(
  series: ParsedConfig['series'],
  absolute: (path: ConfigPath, value: string) => string,
): string[] | null {
  if (typeof series === 'string') return [absolute(['series'], series)];
  if (series === null) return null;
  return series.map((path, i) => absolute(['series', i], path));
}

function mapRoles(
  roles: Readonly<Record<string, string | undefined>>,
  change: (role: string, value: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([role, value]) => (value === undefined ? [] : [[role, change(role, value)]])),
  );
}
