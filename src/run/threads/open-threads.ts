import {availableParallelism} from 'node:os';
import type {Device} from '../../device/device.js';
import {isBuiltIn} from '../../losses/registry.js';
import type {ConfiguredLoss} from '../configured-loss.js';
import type {Profile} from '../profile.js';
import {ScoringThreads} from './scoring-threads.js';
import {namedLosses, type ThreadWork} from './thread-work.js';

/** A run that threads may score. */
export interface ThreadedRun {
  readonly settings: ThreadWork['settings'] & {readonly jobs?: number | null; readonly generators?: unknown};
  readonly device: Pick<Device, 'name'>;
  readonly losses: readonly ConfiguredLoss[];
  readonly prepared: ThreadWork['prepared'];
  /** Files that serve every sample, by role. */
  readonly shared: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly onNotice?: ((line: string) => void) | undefined;
  readonly profile?: Profile | undefined;
}

/**
 * The threads of a run, none of which is started yet; null where there is one core to use, and where a loss cannot be
 * computed in a thread: on another device than the CPU, in a network (which has threads of its own) or in tensors.
 */
export function openThreads(run: ThreadedRun): ScoringThreads | null {
  const {settings, device, losses, prepared, shared, rows, onNotice, profile} = run;
  const jobs = Math.min(settings.jobs ?? availableParallelism(), rows);
  if (jobs < 2 || device.name !== 'cpu' || settings.generators || !losses.every(isPortable)) return null;
  const {image, size, cwd, pathMap, maxSeconds, memory, classes} = settings;
  const work: ThreadWork = {
    settings: {
      image,
      size,
      cwd,
      pathMap,
      classes,
      ...(maxSeconds !== undefined && {maxSeconds}),
      ...(memory && {memory}),
    },
    losses: namedLosses(losses),
    prepared,
    shared: new Set(Object.values(shared)),
    measured: profile !== undefined,
  };
  return new ScoringThreads(work, {jobs, rows, fromTheStart: typeof settings.jobs === 'number', onNotice, profile});
}

function isPortable({descriptor, instance}: ConfiguredLoss): boolean {
  return instance.fused !== undefined && isBuiltIn(descriptor);
}
