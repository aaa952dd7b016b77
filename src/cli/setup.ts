import {Command} from 'commander';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {bytesText} from './bytes-text.js';
import {endWith, interruption} from './signals.js';
import {log, print} from './streams.js';

/** The flags of `setup tensorflow`. */
interface TensorflowFlags {
  readonly gpu?: boolean;
  readonly version?: string;
  readonly from?: string;
  readonly sha256?: string;
  readonly download?: string;
  readonly remove?: boolean;
  readonly quiet?: boolean;
}

/** `cv-loss setup`: what cv-loss can use and npm cannot install. */
export function setupCommand(): Command {
  return new Command('setup')
    .description('build what devices need and npm cannot install: tensorflow')
    .addCommand(tensorflowCommand())
    .addHelpText('after', '\nExamples:\n  cv-loss setup tensorflow --help');
}

function tensorflowCommand(): Command {
  return new Command('tensorflow')
    .description("TensorFlow for --device tensorflow, from PyPI's wheel: for linux-x64 with glibc")
    .option('--gpu', 'the build for CUDA 12, with the CUDA and cuDNN libraries it needs')
    .option('--version <version>', 'the release of TensorFlow (default: 2.15.1, with --gpu 2.21.0)')
    .option('--from <path>', 'a folder that --download filled, for which no network is needed, or a wheel')
    .option('--sha256 <hex>', 'the hash that the wheel must have')
    .option('--download <dir>', 'only fetch what a machine without a network needs, for --from')
    .option('--remove', 'remove every TensorFlow that was set up')
    .option('--quiet', 'print the result only')
    .addHelpText(
      'after',
      `
It needs Python 3, a C++ compiler and make, downloads about 210 MB (with --gpu 3 GB), and keeps 600 MB (with --gpu 6 GB) in the
folder of caches (CV_LOSS_HOME), outside of node_modules. @tensorflow/tfjs-node comes through npm, its wheel through pip.

Examples:
  cv-loss setup tensorflow
  cv-loss setup tensorflow --gpu
  cv-loss setup tensorflow --download tensorflow/        where there is a network
  cv-loss setup tensorflow --from tensorflow/            where there is none`,
    )
    .action(setUp);
}

async function setUp(flags: TensorflowFlags): Promise<void> {
  const stop = interruption({interrupted: 'interrupted; nothing was set up', finishing: 'tidying up'});
  stop.begin();
  try {
    if (flags.remove) return await remove(flags);
    const {gpu = false, version = null, from = null, sha256 = null, quiet = false} = flags;
    const say = (line: string) => (quiet ? undefined : log(`cv-loss: ${line}`));
    const request = {gpu, version, from, sha256, signal: stop.signal, say};
    if (flags.download !== undefined) {
      if (from !== null) throw new UsageError('CVL-A006', '--download and --from exclude each other');
      const {downloadTensorflow} = await import('../setup/download.js');
      const folder = await downloadTensorflow(request, flags.download);
      print(
        `downloaded into ${printable(folder)}; there: cv-loss setup tensorflow${gpu ? ' --gpu' : ''} --from DIRECTORY`,
      );
      return;
    }
    const {setUpTensorflow} = await import('../setup/tensorflow.js');
    print(doneText(await setUpTensorflow(request)));
  } catch (error) {
    endWith(stop.signal.aborted ? stop.signal.reason : error);
  } finally {
    stop.release();
  }
}

function doneText({
  setup,
  folder,
  wasThere,
  seesGpu,
}: Awaited<ReturnType<typeof import('../setup/tensorflow.js').setUpTensorflow>>) {
  const name = `TensorFlow ${setup.version}${setup.gpu ? ' for CUDA' : ''}`;
  const what = `${name} ${wasThere ? 'was set up before, and works' : 'is set up, and computes correctly'}: ${printable(folder)}`;
  const use = 'cv-loss eval --device tensorflow … uses it';
  if (!setup.gpu) return `${what}\n${use}, on the CPU`;
  return `${what}\n${use}; ${seesGpu ? 'it sees a GPU' : 'it sees no GPU here, so it would use the CPU (cv-loss doctor says why)'}`;
}

async function remove(flags: TensorflowFlags): Promise<void> {
  const {remove: _, quiet: __, ...others} = flags;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new UsageError('CVL-A006', `--remove removes every TensorFlow that was set up; leave out --${other}`);
  const {removeSetups} = await import('../setup/places.js');
  const {folder, bytes} = await removeSetups();
  print(
    bytes === 0 ? `nothing was set up in ${printable(folder)}` : `removed ${printable(folder)}, ${bytesText(bytes)}`,
  );
}
