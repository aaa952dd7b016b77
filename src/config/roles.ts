import {UsageError} from '../errors.js';
import {type AnyLossDescriptor, isDatasetLoss} from '../losses/dataset-contract.js';
import {type Config, usedReadings} from './config.js';
import {type ConfigNode, keyPositionOf, nodeAt} from './node.js';
import {type Problem, problemsError, showChoices} from './problem.js';
import {GENERATED_ROLES} from './user-models.js';

/** Throws UsageError for a role that no loss of the config reads, or that a loss needs and nothing supplies. */
export function checkRoles(config: Config, root: ConfigNode, descriptors: readonly AnyLossDescriptor[]): void {
  const problems = unreadRoles(config, root, descriptors);
  if (problems.length > 0) throw problemsError(problems);
  if (config.pairs !== null) return;
  const missing = missingRoles(config);
  const inputs = nodeAt(root, ['inputs']);
  if (missing.length === 0) return;
  if (inputs?.at.line === undefined) throw new UsageError('CVL-C019', missing.join('\n'));
  throw problemsError(missing.map((text) => ({code: 'CVL-C019', at: inputs.at, text})));
}

function unreadRoles(config: Config, root: ConfigNode, descriptors: readonly AnyLossDescriptor[]): Problem[] {
  const known = new Set(['pred', 'target', ...usedReadings(config).keys()]);
  return (['inputs', 'match'] as const).flatMap((key) =>
    Object.keys(config[key])
      .filter((role) => !known.has(role))
      .map((role) => ({
        code: 'CVL-C018' as const,
        at: keyPositionOf(root, [key, role]),
        text: `no loss of this config reads the role '${role}', expected ${showChoices([...known])}; ${readers(role, descriptors)}`,
      })),
  );
}

function readers(role: string, descriptors: readonly AnyLossDescriptor[]): string {
  const ids = descriptors.filter(
    (one) => !isDatasetLoss(one) && Object.hasOwn({...one.inputs, ...one.optionalInputs}, role),
  );
  return `it is read by ${ids.map(({id}) => id).join(', ')}`;
}

/** A line for each role that is needed and not given, naming the first loss that needs it. */
function missingRoles({losses, inputs: given, series, generators}: Config): string[] {
  const lines = new Map<string, string>();
  const made = generators ? GENERATED_ROLES.map((role) => [role, '']) : [];
  const inputs = {...given, ...(series && {pred: ''}), ...Object.fromEntries(made)};
  for (const {id, descriptor} of losses) {
    for (const roles of descriptor.oneOf ?? []) {
      if (roles.some((role) => Object.hasOwn(inputs, role))) continue;
      const flags = roles.map((role) => flagOf(role)).join(' or ');
      lines.set(roles.join(), `loss '${id}' needs ${roles.join(' or ')}: give ${flags}`);
    }
    for (const role of Object.keys(descriptor.inputs)) {
      if (Object.hasOwn(inputs, role) || lines.has(role)) continue;
      lines.set(role, `loss '${id}' needs ${role}: give ${flagOf(role)} or inputs.${role}`);
    }
  }
  return [...lines.values()];
}

function flagOf(role: string): string {
  return role === 'pred' || role === 'target' ? `--${role}` : `--input ${role}=PATH`;
}
