import {randomBytes} from 'node:crypto';
import {hostname} from 'node:os';
import {resolve} from 'node:path';
import {Command, InvalidArgumentError} from 'commander';
import {UsageError} from '../errors.js';
import {positiveInteger, wholeNumber} from './option-values.js';
import {pluginOption} from './plugin-option.js';
import {endWith} from './signals.js';
import {log} from './streams.js';

/** The flags of `worker`. */
interface WorkerFlags {
  readonly queue?: string;
  readonly jobs?: number;
  readonly map?: readonly (readonly [string, string])[];
  readonly name?: string;
  readonly plugin?: readonly string[];
  readonly maxMemory?: string;
  readonly lock: number;
  readonly drain: number;
  readonly idle?: number;
  readonly quiet?: boolean;
}

/** `cv-loss worker`: scores shards of runs that `eval --queue` shares out. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('score shards of the runs that eval --queue shares out, until SIGTERM')
    .option('--queue <url>', 'redis://host:6379, or rediss:// for TLS (default: CV_LOSS_QUEUE)')
    .option('--jobs <n>', 'cores to use (default: all); rows are the same for any', positiveInteger)
    .option('--map <from=to>', 'where a folder of the run lies on this machine: /data=/mnt/data; repeats', collectMap)
    .option('--name <name>', "the worker's name in the queue (default: the host's)")
    .addOption(pluginOption())
    .option('--max-memory <size>', 'what images and tensors may take: 4GiB (default: as the device allows)')
    .option('--lock <seconds>', 'silence after which a shard goes to another worker', positiveInteger, 30)
    .option('--drain <seconds>', 'after SIGTERM: time to end the shard, before it is given back', wholeNumber, 20)
    .option('--idle <seconds>', 'end after so long without a shard (default: never)', positiveInteger)
    .option('--quiet', 'say nothing but what is wrong')
    .addHelpText(
      'after',
      `
Examples:
  cv-loss worker --queue redis://queue.example:6379
  cv-loss worker --map /data=/mnt/data --jobs 8              with CV_LOSS_QUEUE=rediss://worker@queue.example:6380
  cv-loss worker --idle 300                                  in a batch system: ends when the work is done

Environment:
  CV_LOSS_QUEUE            the address, which other users cannot see there
  CV_LOSS_QUEUE_PASSWORD   the password, where the address has none
  CV_LOSS_QUEUE_CA         PEM file of who signed the server's certificate; _CERT and _KEY: those of this client`,
    )
    .action(runWorker);
}

async function runWorker(flags: WorkerFlags): Promise<void> {
  const {queueAddress} = await import('../queue/address.js');
  const {serveQueue} = await import('../queue/worker/serve.js');
  const say = (line: string) => log(`cv-loss: ${line}`);
  const drain = drainSignal(say);
  try {
    const address = queueAddress(flags.queue, process.env);
    if (address.isExposed) say((await import('./eval-queue.js')).EXPOSED);
    const name = workerName(flags.name);
    const done = await serveQueue(address, {
      name,
      jobs: flags.jobs ?? null,
      maxMemory: flags.maxMemory === undefined ? null : await bytesOfFlag(flags.maxMemory),
      map: flags.map ?? [],
      plugins: flags.plugin ?? [],
      lockSeconds: flags.lock,
      drainSeconds: flags.drain,
      idleSeconds: flags.idle ?? null,
      onNotice: flags.quiet ? () => undefined : say,
      signal: drain.signal,
    });
    if (!flags.quiet) say(`worker ${name} ends after ${done} ${done === 1 ? 'shard' : 'shards'}`);
  } catch (error) {
    endWith(error);
  } finally {
    drain.release();
  }
}

/** Aborted by the first SIGTERM or SIGINT; the second ends the process at once. */
function drainSignal(say: (line: string) => void): {signal: AbortSignal; release(): void} {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) process.exit(1);
    say('no more shards are taken; once more ends at once');
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, listener);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, listener);
    },
  };
}

/** A name that no other worker has: two on a machine must be told apart. */
function workerName(given: string | undefined): string {
  return `${(given ?? hostname()).replaceAll(/[^\w.-]+/g, '-').slice(0, 60)}.${randomBytes(2).toString('hex')}`;
}

async function bytesOfFlag(text: string): Promise<number> {
  const {byteSize, bytesOf} = await import('../config/byte-size.js');
  const {data, error} = byteSize.safeParse(text);
  if (data === undefined) throw new UsageError('CVL-A005', `--max-memory: ${error?.issues[0]?.message}`);
  return bytesOf(data);
}

function collectMap(value: string, before: readonly (readonly [string, string])[] = []): (readonly [string, string])[] {
  const at = value.indexOf('=');
  if (at < 1 || at === value.length - 1) throw new InvalidArgumentError('Expected FROM=TO, such as /data=/mnt/data.');
  const from = value.slice(0, at).replace(/(.)\/+$/, '$1');
  return [...before, [from, resolve(value.slice(at + 1))]];
}
