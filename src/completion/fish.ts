import {type CompletedCommand, type CompletedOption, everyCommand, type Values} from './command-tree.js';

/** The completion of a program for fish 3. */
export function fishCompletion(program: CompletedCommand): string {
  const all = everyCommand(program);
  const branches = all
    .filter(({path}) => path !== '')
    .map(({path, name}) => {
      const parent = path.slice(0, path.length - name.length).trimEnd();
      return `            case ${quotedForFish(`${parent} ${name}`)}\n                set path ${quotedForFish(path)}`;
    });
  return `# fish completion of ${program.name}, made by: ${program.name} completion fish

# Whether the words before the cursor lead to a command.
function __cv_loss_is
    set -l path ''
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        switch "$path $word"
${branches.join('\n')}
        end
    end
    test "$path" = "$argv"
end

complete -c ${program.name} -e
complete -c ${program.name} -f
${all.flatMap((command) => linesOf(command, program.name)).join('\n')}
`;
}

function linesOf(command: CompletedCommand, program: string): string[] {
  const begin = `complete -c ${program} -n ${quotedForFish(`__cv_loss_is ${command.path}`.trimEnd())}`;
  const commands = command.commands.map(
    ({name, description}) => `${begin} -a ${name} -d ${quotedForFish(description)}`,
  );
  const named = [...new Set(command.arguments.map(offer))].filter((offered) => offered !== '');
  return [
    ...commands,
    ...named.map((offered) => `${begin} ${offered}`),
    ...command.options.map((option) => `${begin} ${optionText(option)}`),
  ];
}

function optionText({flags, description, values}: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const takes = values === null ? '' : ` -r ${offer(values) || '-f'}`;
  return `${names.join(' ')}${takes} -d ${quotedForFish(description)}`;
}

/** The part of `complete` that says what is offered; empty where nothing is. */
function offer(values: Values): string {
  if (values.kind === 'files') return '-F';
  if (values.kind === 'folders') return "-f -a '(__fish_complete_directories)'";
  if (values.kind === 'text') return '';
  const names = values.names.join(' ');
  return values.list ? `-f -a '(__fish_append , ${names})'` : `-f -a '${names}'`;
}

/** Text in single quotes, in which fish knows an escaped quote and backslash alone. */
function quotedForFish(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
