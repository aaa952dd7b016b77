import {directionText} from '../../src/cli/loss-text.js';
import type {AnyLossDescriptor} from '../../src/losses/dataset-contract.js';

/** docs/losses.md: every loss in a line, with its page. */
export function lossesPage(losses: readonly AnyLossDescriptor[]): string {
  const families = [...new Set(losses.map(({family}) => family))];
  const contents = families.flatMap((family) => [
    `## ${family}`,
    '',
    '| loss | better | what it is |',
    '| --- | --- | --- |',
    ...losses
      .filter((loss) => loss.family === family)
      .map((loss) => `| [${loss.id}](losses/${loss.id}.md) | ${directionText(loss)} | ${cellText(loss.summary)} |`),
    '',
  ]);
  return `${[...HEAD, ...contents].join('\n').trimEnd()}\n`;
}

const HEAD = [
  '# Losses',
  '',
  'Each has a page with its formula, its options, what other libraries compute, and an example. `cv-loss losses ID` prints the',
  'same in the terminal. Made from the registry by `npm run docs`.',
  '',
];

/** Text in a cell of a table. */
export function cellText(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
