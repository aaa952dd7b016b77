import {type CompletedCommand, type CompletedOption, everyCommand, quoted, type Values} from './command-tree.js';

/** The completion of a program for zsh: a function a command, on `_arguments`. Works sourced, and from a folder of `fpath`. */
export function zshCompletion(program: CompletedCommand): string {
  const functions = everyCommand(program).toReversed().map(functionOf);
  return `#compdef ${program.name}
# zsh completion of ${program.name}, made by: ${program.name} completion zsh

${functions.join('\n\n')}

# From a folder of fpath this file is the function's body; sourced, it only says whose completion it is.
if [[ \${funcstack[1]} == _cv-loss ]]; then
  _cv_loss "$@"
else
  compdef _cv_loss ${program.name}
fi
`;
}

function nameOf({path}: CompletedCommand): string {
  return ['_cv_loss', ...path.split(' ').filter(Boolean)].join('_');
}

function functionOf(command: CompletedCommand): string {
  const {commands} = command;
  const options = command.options.map(optionSpec);
  if (commands.length === 0) {
    const specs = [...options, ...argumentSpecs(command)];
    return `${nameOf(command)}() {\n  _arguments -s ${specs.map((spec) => `\\\n    ${spec}`).join(' ')}\n}`;
  }
  const described = commands.map(({name, description}) => `    ${quoted(`${name}:${description}`)}`);
  const branches = commands.map((sub) => `        ${sub.name}) ${nameOf(sub)} ;;`);
  return `${nameOf(command)}() {
  local state line
  local -a commands=(
${described.join('\n')}
  )
  _arguments -C ${options.map((spec) => `\\\n    ${spec}`).join(' ')} \\
    '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
${branches.join('\n')}
      esac
      ;;
  esac
}`;
}

function optionSpec({flags, description, values, repeats}: CompletedOption): string {
  const takes = values === null ? '' : `:${action(values)}`;
  const told = `[${description.replaceAll(/[[\]\\]/g, '\\$&')}]`;
  // `--report=out` as well as `--report out`.
  const separator = values === null ? '' : '=';
  if (flags.length === 1) return quoted(`${repeats ? '*' : ''}${flags[0]}${separator}${told}${takes}`);
  return `${quoted(`(${flags.join(' ')})`)}{${flags.join(',')}}${quoted(`${told}${takes}`)}`;
}

function argumentSpecs({arguments: all, takesMany}: CompletedCommand): string[] {
  return all.map((values, i) => quoted(`${takesMany && i === all.length - 1 ? '*' : i + 1}:${action(values)}`));
}

/** The message and the action of a specification. */
function action(values: Values): string {
  if (values.kind === 'files') return 'file:_files';
  if (values.kind === 'folders') return 'directory:_files -/';
  if (values.kind === 'text') return 'value: ';
  const names = values.names.join(' ');
  return values.list ? `list:{_sequence compadd - ${names}}` : `name:(${names})`;
}
