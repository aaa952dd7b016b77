import {Command, Option} from 'commander';
import {UsageError} from '../errors.js';
import {EXIT} from './exit.js';
import {type Choice, chooseOrigin, sourceOption} from './models-choice.js';
import {log, print} from './streams.js';

/** The flags of `models pull`. */
interface PullFlags {
  readonly source?: string;
  readonly mirror?: string;
  readonly from?: string;
  readonly sha256?: string;
  readonly whole?: boolean;
  readonly force?: boolean;
  readonly quiet?: boolean;
}

/** `cv-loss models pull`: downloads weights into the store. */
export function pullCommand(): Command {
  return new Command('pull')
    .description('download published weights, check them, and store what the network needs')
    .argument('<network...>', 'such as vgg19')
    .addOption(sourceOption())
    .addOption(
      new Option('--mirror <url>', 'a folder on a server that has the published files under their names').env(
        'CV_LOSS_MIRROR',
      ),
    )
    .option('--from <url>', "the file's address, in place of the publisher's; for one network")
    .option('--sha256 <hex>', 'the hash of the file of --from, when it is not the published one')
    .option('--whole', 'fetch all of the file and check its published hash, where the needed part would do')
    .option('--force', 'fetch weights that are stored already again')
    .option('--quiet', 'no progress bar')
    .addHelpText(
      'after',
      `
An interrupted pull goes on when the command is given again. Proxies: HTTP_PROXY, HTTPS_PROXY, NO_PROXY.`,
    )
    .action(async (names: readonly string[], flags: PullFlags) => {
      if (flags.from !== undefined && names.length > 1)
        throw new UsageError('CVL-A006', '--from is the address of one file: name one network');
      const chosen = await Promise.all(names.map((name) => chooseOrigin(name, flags.source)));
      for (const choice of chosen) await pull(choice, flags);
    });
}

async function pull([network, origin]: Choice, flags: PullFlags): Promise<void> {
  const {WeightsStore} = await import('../networks/store/weights-store.js');
  const {pullWeights} = await import('../networks/pull/pull-weights.js');
  const {downloadProgress} = await import('./download-progress.js');
  const {storedText} = await import('./models-text.js');
  const {source: _source, quiet = false, mirror, ...options} = flags;
  const progress = downloadProgress(`${network.definition.id} (${origin.id})`, quiet);
  const off = onInterruption(() => progress.stop());
  try {
    const pulled = await pullWeights(network, origin, {
      ...options,
      // An empty CV_LOSS_MIRROR is none.
      mirror: mirror === '' ? undefined : mirror,
      store: new WeightsStore(),
      onProgress: (at) => progress.show(at),
      onNotice: (line) => log(`cv-loss: ${line}`),
    });
    progress.stop();
    print(storedText(pulled, 'pulled'));
  } finally {
    progress.stop();
    off();
  }
}

/** A pull that a signal ends leaves what it has to the next one. */
function onInterruption(tidyUp: () => void): () => void {
  const codes = {SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated} as const;
  const offs = Object.entries(codes).map(([name, code]) => {
    const listener = () => {
      tidyUp();
      log('cv-loss: interrupted; the same command goes on from here');
      process.exit(code);
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return () => {
    for (const off of offs) off();
  };
}
