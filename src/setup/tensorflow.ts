import {rename, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {probeSetup} from '../device/probe-device.js';
import {libraryBytes} from '../device/setup-libraries.js';
import {readJson, SETUP_PACKAGE, setupsFolder, type TensorflowSetup} from '../device/tensorflow-setup.js';
import {UsageError} from '../errors.js';
import {BINDING_VERSION, buildBinding, installBinding} from './build-binding.js';
import {checkMachine, findTools, thisMachine} from './machine.js';
import {openWorkshop, setupName, useSetup} from './places.js';
import {NPM_CACHE, newFolder, takeWheel, wheelSource} from './take-wheel.js';
import {unpackCuda, unpackTensorflow} from './tensorflow-files.js';
import {type ChoiceRequest, chooseWheel, type WheelChoice} from './wheel-choice.js';

/** What `cv-loss setup tensorflow` is asked. */
export interface SetupRequest extends ChoiceRequest {
  /** What the wheel must have; null for what the index says. */
  readonly sha256: string | null;
  readonly signal: AbortSignal;
  /** Hears what is done, a line a step. */
  say(line: string): void;
}

/** A set-up that works. */
export interface DoneSetup {
  readonly setup: TensorflowSetup;
  readonly folder: string;
  /** Whether it was there before. */
  readonly wasThere: boolean;
  /** Whether TensorFlow sees a GPU. */
  readonly seesGpu: boolean;
}

/**
 * Builds the binding of TensorFlow for this machine and keeps it in the folder of caches, or finds that it is there and
 * works. It is made aside and takes its name when it computed correctly: an interruption leaves nothing behind.
 * Throws UsageError with what is missing or wrong.
 */
export async function setUpTensorflow(request: SetupRequest): Promise<DoneSetup> {
  checkMachine(thisMachine());
  const choice = await chooseWheel(request);
  return (await existing(choice, request)) ?? (await build(choice, request));
}

/** The set-up of the choice where it is there and works, in use from now on. */
async function existing(
  {distribution, version}: WheelChoice,
  {gpu, sha256, signal}: SetupRequest,
): Promise<DoneSetup | null> {
  const made = {distribution, version, gpu, sha256: '', binding: BINDING_VERSION};
  const name = setupName(made);
  const folder = join(setupsFolder(), name);
  const setup = readJson<TensorflowSetup>(join(folder, 'setup.json'));
  if (setup === null || (sha256 !== null && setup.sha256 !== sha256.toLowerCase())) return null;
  const probe = await probeSetup(folder, signal);
  signal.throwIfAborted();
  if ('error' in probe || probe.wrong !== null) return null;
  await useSetup(name);
  return {setup, folder, wasThere: true, seesGpu: probe.gpu};
}

async function build(choice: WheelChoice, request: SetupRequest): Promise<DoneSetup> {
  const {signal, say, gpu} = request;
  const tools = await findTools();
  const workshop = await openWorkshop();
  try {
    const {folder} = workshop;
    const wheels = join(folder, 'wheels');
    const deps = join(folder, 'deps');
    const npmCache = choice.folder === null ? null : join(choice.folder, NPM_CACHE);
    const source = await wheelSource(choice.folder, tools.python, signal);
    const {path, sha256} = await takeWheel(choice, request, source, wheels);
    const metadata = await unpackTensorflow(path, basename(path), deps, signal);
    if (gpu) {
      say('getting the CUDA and cuDNN libraries that it asks for');
      await unpackCuda({metadata, source, deps, signal, say, folderOf: (name) => newFolder(wheels, name)});
    }
    await rm(wheels, {recursive: true, force: true});
    say(`installing @tensorflow/tfjs-node ${BINDING_VERSION} by npm, without its install script`);
    await installBinding(folder, {signal, npmCache, offline: npmCache !== null});
    await rename(deps, join(folder, SETUP_PACKAGE, 'deps'));
    say(`building the binding for Node ${process.versions.node}`);
    await buildBinding(folder, tools, {signal});
    say('computing a sum, a matrix product and a convolution with it');
    const probe = await probeSetup(folder, signal);
    signal.throwIfAborted();
    const problem = 'error' in probe ? probe.error : probe.wrong;
    if (problem !== null || 'error' in probe) {
      throw new UsageError('CVL-D006', `setup tensorflow: the binding was built and does not work: ${problem}`);
    }
    const {distribution, version} = choice;
    const setup = {distribution, version, gpu, sha256, binding: BINDING_VERSION, libraries: libraryBytes(folder)};
    return {setup, folder: await workshop.publish(setupName(setup), setup), wasThere: false, seesGpu: probe.gpu};
  } finally {
    await workshop.abandon();
  }
}
