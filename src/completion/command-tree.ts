/** What the shell offers for an argument or the value of an option. */
export type Values =
  | {readonly kind: 'names'; readonly names: readonly string[]; readonly list: boolean}
  | {readonly kind: 'files'}
  | {readonly kind: 'folders'}
  | {readonly kind: 'text'};

/** An option of a command. */
export interface CompletedOption {
  /** `--pred`, `-h`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Null for an option that takes none. */
  readonly values: Values | null;
  readonly repeats: boolean;
}

/** A command of a command line. */
export interface CompletedCommand {
  /** The words that lead to it, without the program's name: `models pull`; empty for the program. */
  readonly path: string;
  /** The last of them. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** By place; the last holds for all that follow where the command takes any number. */
  readonly arguments: readonly Values[];
  readonly takesMany: boolean;
  readonly commands: readonly CompletedCommand[];
}

/** A command and all below it. */
export function everyCommand(command: CompletedCommand): readonly CompletedCommand[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Text in single quotes of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
