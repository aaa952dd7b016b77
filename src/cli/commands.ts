import type {Command} from 'commander';

/** The commands, in the order of the help. Each is a module of its own, read when it is asked for: start-up stays short. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['eval', async () => (await import('./eval.js')).evalCommand()],
  ['compare', async () => (await import('./compare.js')).compareCommand()],
  ['merge', async () => (await import('./merge.js')).mergeCommand()],
  ['worker', async () => (await import('./worker.js')).workerCommand()],
  ['view', async () => (await import('./view.js')).viewCommand()],
  ['triplets', async () => (await import('./triplets.js')).tripletsCommand()],
  ['init', async () => (await import('./init.js')).initCommand()],
  ['losses', async () => (await import('./losses.js')).lossesCommand()],
  ['models', async () => (await import('./models.js')).modelsCommand()],
  ['cache', async () => (await import('./cache.js')).cacheCommand()],
  ['schema', async () => (await import('./schema.js')).schemaCommand()],
  ['setup', async () => (await import('./setup.js')).setupCommand()],
  ['explain', async () => (await import('./explain.js')).explainCommand()],
  ['completion', async () => (await import('./completion.js')).completionCommand()],
  ['doctor', async () => (await import('./doctor.js')).doctorCommand()],
]);

/** The commands that these arguments need: the one they begin with, none for the version, else all, as help lists them. */
export function commandsFor(args: readonly string[]): Promise<Command[]> {
  const [first = ''] = args;
  if (args.length === 1 && (first === '-V' || first === '--version')) return Promise.resolve([]);
  const named = COMMANDS.get(first);
  return Promise.all((named ? [named] : [...COMMANDS.values()]).map((load) => load()));
}
