import type {Command} from 'commander';
import {UsageError} from '../errors.js';
import {nearest} from '../nearest.js';
import {printable} from '../printable.js';

/** Throws UsageError for `help` of a command that there is not, which commander would answer with the help of all. */
export function refuseHelpOfNone(args: readonly string[], program: Command): void {
  let command = program;
  for (const [at, word] of args.entries()) {
    const names = command.commands.map((sub) => sub.name());
    if (word === 'help' && names.length > 0) refuseNone(args[at + 1], ['help', ...names]);
    const next = command.commands[names.indexOf(word)];
    if (next === undefined) return;
    command = next;
  }
}

function refuseNone(asked: string | undefined, names: readonly string[]): void {
  if (asked === undefined || asked.startsWith('-') || names.includes(asked)) return;
  const near = nearest(asked, names);
  const hint = near === null ? '; --help lists them' : ` (Did you mean ${near}?)`;
  throw new UsageError('CVL-A001', `unknown command '${printable(asked)}'${hint}`);
}
