import {allMessages, type ListedMessage} from '../messages/catalogue.js';
import {areaOf} from './message-text.js';

const HEAD = `# Messages

Made from the code by \`npm run docs\`. \`cv-loss explain CODE\` prints the same.

Every error and every notice ends in its code, such as \`[CVL-C004]\`. A code keeps its meaning from version to version; the
text of a line may change. Three kinds end a command, or a row:

- exit code 2: a mistake in the command, the config or the environment. Nothing was computed.
- exit code 3: some samples failed. The reason of their rows (\`rows.csv\`, \`failures\` in \`report.json\`) begins with a name,
  as \`sizes-differ: …\`, and the other rows are whole.
- exit code 4: the command could not finish. Its line begins with a name, as \`disk-full: …\`; an earlier report is untouched.

A notice (\`CVL-W…\`) warns, and the command goes on. Lines that only say how far a run is have no code.

In a program, \`UsageError\` has its code as \`code\`, \`SampleError\` and \`RunError\` their name; \`onNotice\` is called with
the line of a notice, its code at the end, which \`/\\[(CVL-W\\d{3})\\]$/\` finds.
`;

/** docs/messages.md: every message as Markdown. */
export function messagesPage(): string {
  const all = allMessages();
  const areas = [...new Set(all.map(({code}) => areaOf(code)))];
  const contents = areas.flatMap((area) => {
    const messages = all.filter(({code}) => areaOf(code) === area);
    return [`## ${area}`, '', endOf(messages[0]?.exit ?? null), '', ...messages.flatMap(entry)];
  });
  return `${[HEAD, ...contents].join('\n').trimEnd()}\n`;
}

function endOf(exit: ListedMessage['exit']): string {
  return exit === null ? 'The command goes on.' : `Exit code ${exit}.`;
}

function entry({code, name, title, cause, remedy}: ListedMessage): string[] {
  const head = name === null ? code : `${code} \`${name}\``;
  return [`### ${head}`, '', `${title.charAt(0).toUpperCase()}${title.slice(1)}. ${cause}`, '', remedy, ''];
}
