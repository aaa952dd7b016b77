import '../heap-flags.js';
import {Command, CommanderError} from 'commander';
import {version} from '../version.js';
import {usageErrorFrom} from './command-line-mistake.js';
import {commandsFor} from './commands.js';
import {EXIT, exitWith} from './exit.js';
import {watchStreams} from './streams.js';

/** Runs the command line and sets the exit code. Never throws: what goes wrong becomes one line on stderr. */
export async function main(args: readonly string[]): Promise<void> {
  watchStreams(exitWith);
  const program = new Command('cv-loss')
    .description('Score image datasets offline with the loss functions of computer vision.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print help for a command')
    // `setup tensorflow --version V` is its own flag.
    .enablePositionalOptions()
    .configureHelp({sortOptions: false, showGlobalOptions: false})
    .addHelpText('after', EXAMPLES);
  for (const command of await commandsFor(args)) program.addCommand(command);
  prepareCommands(program);
  try {
    if (args.length === 0) {
      program.outputHelp();
      return;
    }
    if (args.includes('help')) (await import('./help-of-none.js')).refuseHelpOfNone(args, program);
    await program.parseAsync([...args], {from: 'user'});
  } catch (error) {
    exitWithWhatWentWrong(error);
  }
}

const EXAMPLES = `
Examples:
  cv-loss eval --pred out/ --target truth/                 score pairs with mse, mae, psnr, ssim
  cv-loss eval --config cv-loss.yaml --report report/      what the config says, rows.csv and report.json
  cv-loss compare main/report cv-loss-report               better or worse than before, pair by pair
  cv-loss view cv-loss-report                              the report as a page, in the browser
  cv-loss merge shard-1 shard-2                            the report of a run that eval --shard split
  cv-loss worker --queue redis://host:6379                 takes shards of runs that eval --queue shares out
  cv-loss losses ssim                                      formula, options and reference of a loss
  cv-loss models list                                      the networks, and whose weights are on this machine
  cv-loss schema > cv-loss.schema.json                     JSON Schema of the config, for editors
  cv-loss explain CVL-C004                                 what an error means, and what to do
  cv-loss doctor                                           what this machine has, and what is missing

Exit codes:
  0 done   1 a gate failed   2 usage, config or environment   3 some samples failed   4 could not finish   130/143 interrupted`;

/** Commander throws after help and version too; where a command lacks its word, help is all that is said. */
function exitWithWhatWentWrong(error: unknown): void {
  if (!(error instanceof CommanderError)) exitWith(error);
  else if (error.code === 'commander.help') process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else if (error.exitCode !== 0) exitWith(usageErrorFrom(error));
}

/** The same help flag, no output of errors and no exit inside commander, for every command. */
function prepareCommands(command: Command): void {
  command
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .configureOutput({outputError: () => undefined});
  for (const sub of command.commands) prepareCommands(sub);
}
