import {type AnyLossDescriptor, isDatasetLoss} from '../losses/dataset-contract.js';
import {datasetLosses} from '../losses/dataset-registry.js';
import {losses} from '../losses/registry.js';
import {dataText, directionText, optionsOf, rolesText} from './loss-text.js';

/** docs/losses.md: every loss of the registry as Markdown. */
export function lossesPage(): string {
  const all: readonly AnyLossDescriptor[] = [...losses, ...datasetLosses];
  const families = [...new Set(all.map(({family}) => family))];
  const contents = families.flatMap((family) => [
    `## ${family}`,
    '',
    '| loss | better | what it is |',
    '| --- | --- | --- |',
    ...all
      .filter((loss) => loss.family === family)
      .map((loss) => `| [${loss.id}](#${loss.id}) | ${directionText(loss)} | ${cellText(loss.summary)} |`),
    '',
  ]);
  const details = all.flatMap((loss) => [
    `### ${loss.id}`,
    '',
    `${loss.summary}.`,
    '',
    `- Formula: \`${loss.formula}\``,
    `- Better: ${directionText(loss)}`,
    `- Inputs: ${inputsText(loss)}`,
    `- Undefined when ${loss.undefinedWhen}`,
    `- Reference: ${loss.reference}`,
    '',
    '| option | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...optionsOf(loss).map(
      ({name, type, value, description}) =>
        `| \`${name}\` | ${cellText(type)} | \`${cellText(value)}\` | ${cellText(description)} |`,
    ),
    '',
  ]);
  const head = ['# Losses', '', 'Made from the registry by `npm run docs`. `cv-loss losses ID` prints the same.', ''];
  return `${[...head, ...contents, '## Each loss', '', ...details].join('\n').trimEnd()}\n`;
}

function inputsText(loss: AnyLossDescriptor): string {
  if (isDatasetLoss(loss)) return dataText(loss);
  return `${rolesText(loss.inputs)}; optional: ${rolesText(loss.optionalInputs ?? {}) || 'none'}`;
}

function cellText(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
