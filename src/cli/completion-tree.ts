import type {Argument, Command, Option} from 'commander';
import type {CompletedCommand, CompletedOption, Values} from '../completion/command-tree.js';
import {commandsFor} from './commands.js';
import {knownValues, type ValueNames} from './completion-values.js';

/** The whole command line as completions know it. */
export async function completedProgram(): Promise<CompletedCommand> {
  const names = await knownValues();
  const commands = (await commandsFor([])).map((command) => completed(command, '', names));
  const help: CompletedCommand = {
    ...{path: 'help', name: 'help', description: 'print help for a command', options: [], commands: []},
    arguments: [{kind: 'names', names: commands.map(({name}) => name), list: false}],
    takesMany: false,
  };
  return {
    ...{path: '', name: 'cv-loss', description: '', arguments: [], takesMany: false},
    options: [{flags: ['-V', '--version'], description: 'print the version', values: null, repeats: false}, HELP],
    commands: [...commands, help],
  };
}

const HELP: CompletedOption = {flags: ['-h', '--help'], description: 'print help', values: null, repeats: false};

function completed(command: Command, parent: string, names: ValueNames): CompletedCommand {
  const path = `${parent} ${command.name()}`.trimStart();
  return {
    path,
    name: command.name(),
    description: command.description(),
    options: [...command.options.filter(({hidden}) => !hidden).map((option) => completedOption(option, names)), HELP],
    arguments: command.registeredArguments.map((argument) => argumentValues(argument, names)),
    takesMany: command.registeredArguments.some(({variadic}) => variadic),
    commands: command.commands.map((sub) => completed(sub, path, names)),
  };
}

function completedOption(option: Option, names: ValueNames): CompletedOption {
  const {short, long, description, argChoices, required, optional, flags} = option;
  const [, placeholder = ''] = /[<[](.+?)[>\]]/.exec(flags) ?? [];
  const known = names.options.get(option.attributeName());
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    values: required || optional ? (known ?? chosen(argChoices) ?? byPlaceholder(placeholder)) : null,
    repeats: /\brepeats\b/.test(description),
  };
}

function argumentValues(argument: Argument, names: ValueNames): Values {
  const name = argument.name();
  return names.arguments.get(name) ?? chosen(argument.argChoices) ?? byPlaceholder(name);
}

function chosen(choices: readonly string[] | undefined): Values | undefined {
  return choices && {kind: 'names', names: choices, list: false};
}

const FILES: ReadonlySet<string> = new Set(['file', 'path', 'glob']);
const FOLDERS: ReadonlySet<string> = new Set(['dir', 'folder', 'shard', 'baseline', 'candidate']);

/** A placeholder such as `<file>` says what is meant. */
function byPlaceholder(placeholder: string): Values {
  if (FILES.has(placeholder)) return {kind: 'files'};
  return FOLDERS.has(placeholder) ? {kind: 'folders'} : {kind: 'text'};
}
