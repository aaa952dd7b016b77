import {type CompletedCommand, everyCommand, quoted, type Values} from './command-tree.js';

/**
 * The completion of a program for bash 3.2 and newer, without the package bash-completion: all is in the script, so a press of
 * the key starts no program and runs nothing of what was typed.
 */
export function bashCompletion(program: CompletedCommand): string {
  const all = everyCommand(program);
  return `# bash completion of ${program.name}, made by: ${program.name} completion bash
_cv_loss() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path='' kind='' names='' i
  COMPREPLY=()
  # --option=value is three words here.
  if [[ $current == = ]]; then
    current=''
  elif [[ $before == = && COMP_CWORD -gt 2 ]]; then
    before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
${cases(
  all.filter(({path}) => path !== '').map((command) => [parentAndName(command), `path=${quoted(command.path)}`]),
  '      ',
)}
    esac
  done
  case "$path $before" in
${cases(
  all.flatMap(({path, options}) =>
    options.flatMap(({flags, values}) =>
      values ? [[flags.map((flag) => `${path} ${flag}`), offer(values)] as const] : [],
    ),
  ),
  '    ',
)}
    *)
      if [[ $current == -* ]]; then
        kind=names
        case "$path" in
${cases(
  all.map(({path, options}) => [[path], `names=${quoted(options.flatMap(({flags}) => flags).join(' '))}`]),
  '          ',
)}
        esac
      else
        case "$path" in
${cases(
  all.flatMap((command) => {
    const offered = positional(command);
    return offered === '' ? [] : [[[command.path], offered] as const];
  }),
  '          ',
)}
        esac
      fi
      ;;
  esac
  case $kind in
    names)
      compopt +o default 2> /dev/null
      COMPREPLY=($(compgen -W "$names" -- "$current"))
      ;;
    list)
      # The names that a comma follows stay.
      compopt +o default -o nospace 2> /dev/null
      COMPREPLY=($(compgen -P "\${current%"\${current##*,}"}" -W "$names" -- "\${current##*,}"))
      ;;
    folders)
      local IFS=$'\\n'
      compopt -o filenames 2> /dev/null
      COMPREPLY=($(compgen -d -- "$current"))
      ;;
    # Without a reply, bash offers files.
    either) COMPREPLY=($(compgen -W "$names" -- "$current")) ;;
    files) ;;
    *) compopt +o default 2> /dev/null ;;
  esac
}
complete -o default -F _cv_loss ${program.name}
`;
}

/** The branches of a `case`; what several words have in common is told once. */
function cases(branches: readonly (readonly [words: readonly string[], command: string])[], indent: string): string {
  const byCommand = new Map<string, string[]>();
  for (const [words, command] of branches) byCommand.set(command, [...(byCommand.get(command) ?? []), ...words]);
  return [...byCommand]
    .map(([command, words]) => `${indent}${words.map(quoted).join(' | ')}) ${command} ;;`)
    .join('\n');
}

function parentAndName({path, name}: CompletedCommand): string[] {
  return [`${path.slice(0, path.length - name.length).trimEnd()} ${name}`];
}

function offer(values: Values): string {
  if (values.kind !== 'names') return `kind=${values.kind}`;
  return `kind=${values.list ? 'list' : 'names'} names=${quoted(values.names.join(' '))}`;
}

/** What stands where no option is meant: a command, or what the arguments take, whichever of them it is. */
function positional({commands, arguments: all}: CompletedCommand): string {
  if (commands.length > 0) return offer({kind: 'names', names: commands.map(({name}) => name), list: false});
  const names = all.find((values) => values.kind === 'names');
  const first = names ?? all[0];
  if (first === undefined) return '';
  return all.some(({kind}) => kind !== first.kind) ? offer(first).replace('kind=names', 'kind=either') : offer(first);
}
