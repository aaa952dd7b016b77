import {UsageError} from '../errors.js';
import type {LossDescriptor} from '../losses/contract.js';
import {type Config, usedReadings} from './config.js';
import {type ConfigNode, keyPositionOf, nodeAt} from './node.js';
import {type Problem, problemsError, showChoices} from './problem.js';

/** Throws UsageError for a role that no loss of the config reads, or that a loss needs and nothing supplies. */
export function checkRoles(config: Config, root: ConfigNode, descriptors: readonly LossDescriptor[]): void {
  const problems = unreadRoles(config, root, descriptors);
  if (problems.length > 0) throw problemsError(problems);
  if (config.pairs !== null) return;
  const missing = missingRoles(config);
  const inputs = nodeAt(root, ['inputs']);
  if (missing.length === 0) return;
  if (inputs?.at.line === undefined) throw new UsageError(missing.join('\n'));
  throw problemsError(missing.map((text) => ({at: inputs.at, text})));
}

function unreadRoles(config: Config, root: ConfigNode, descriptors: readonly LossDescriptor[]): Problem[] {
  const known = new Set(['pred', 'target', ...usedReadings(config).keys()]);
  return (['inputs', 'match'] as const).flatMap((key) =>
    Object.keys(config[key])
      .filter((role) => !known.has(role))
      .map((role) => ({
        at: keyPositionOf(root, [key, role]),
        text: `no loss of this config reads the role '${role}', expected ${showChoices([...known])}; ${readers(role, descriptors)}`,
      })),
  );
}

function readers(role: string, descriptors: readonly LossDescriptor[]): string {
  const ids = descriptors.filter(({inputs, optionalInputs}) => Object.hasOwn({...inputs, ...optionalInputs}, role));
  return `it is read by ${ids.map(({id}) => id).join(', ')}`;
}

/** A line for each role that is needed and not given, naming the first loss that needs it. */
function missingRoles({losses, inputs}: Config): string[] {
  const lines = new Map<string, string>();
  for (const {id, descriptor} of losses) {
    for (const role of Object.keys(descriptor.inputs)) {
      if (Object.hasOwn(inputs, role) || lines.has(role)) continue;
      const flag = role === 'pred' || role === 'target' ? `--${role}` : `--input ${role}=PATH`;
      lines.set(role, `loss '${id}' needs ${role}: give ${flag} or inputs.${role}`);
    }
  }
  return [...lines.values()];
}
