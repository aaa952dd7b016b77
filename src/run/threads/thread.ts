import {startCpu} from '../../device/cpu.js';
import {RunError, UsageError} from '../../errors.js';
import type {LossContext} from '../../losses/contract.js';
import type {RunReason, UsageCode} from '../../messages/catalogue.js';
import type {Sample} from '../../samples/sample.js';
import {createLosses} from '../configured-loss.js';
import {SampleLoader} from '../load.js';
import {Profile, type StageSeconds} from '../profile.js';
import {readingsOf} from '../readings.js';
import {type LossOutcome, scoreLoss} from '../score.js';
import {lossEntries, type ThreadResult, type ThreadWork, toResult} from './thread-work.js';

/** The error that ends the whole run, as a thread sends it. */
type ThreadEnding = {readonly message: string} & (
  | {readonly kind: 'usage'; readonly code: UsageCode}
  | {readonly kind: 'run'; readonly code: RunReason}
);

/** What a thread answers: the scored sample, or why the whole run must end. */
export type ThreadAnswer = (ThreadResult | {readonly ending: ThreadEnding}) & {
  /** What the thread spent since its last answer. */
  readonly seconds?: StageSeconds | undefined;
};

/** A sample of a run, which is told each time: a thread serves one run after the other. */
export interface ThreadTask {
  /** Tells the runs of this process apart. */
  readonly run: number;
  readonly work: ThreadWork;
  readonly sample: Sample;
}

/** Reads, decodes and scores a sample. */
type Answer = (sample: Sample) => Promise<ThreadAnswer>;

/** What is made for a run once; of the latest two, since their samples may come by turns. */
const ANSWERS = new Map<number, Promise<Answer>>();

/** Scores the sample of a task; null is asked to learn that the thread is there. */
export default async function answer(task: ThreadTask | null): Promise<ThreadAnswer | null> {
  if (task === null) return null;
  const made = ANSWERS.get(task.run) ?? begin(task.work);
  ANSWERS.set(task.run, made);
  for (const run of [...ANSWERS.keys()].slice(0, -2)) ANSWERS.delete(run);
  return (await made)(task.sample);
}

async function begin({settings, losses: named, prepared, shared, measured}: ThreadWork): Promise<Answer> {
  const device = startCpu();
  const profile = measured ? new Profile() : undefined;
  const context: LossContext = {
    tf: device.tf,
    classes: settings.classes,
    signal: new AbortController().signal,
    network: () => Promise.reject(new TypeError('losses of networks are not scored in threads')),
  };
  const losses = await createLosses(lossEntries(named), context);
  for (const {id, instance} of losses) if (id in prepared) instance.restore?.(prepared[id]);
  const loader = new SampleLoader({...settings, readings: readingsOf(losses), profile}, shared);
  return async (sample) => {
    try {
      const loaded = await loader.load(sample);
      const outcomes: LossOutcome[] = [];
      if ('decoded' in loaded) {
        for (const loss of losses) outcomes.push(...(await scoreLoss(loss, [loaded.decoded], {device, profile})));
      }
      return {...toResult(loaded, outcomes), seconds: profile?.take()};
    } catch (error) {
      if (error instanceof RunError) return {ending: {kind: 'run', code: error.code, message: error.message}};
      if (error instanceof UsageError) return {ending: {kind: 'usage', code: error.code, message: error.message}};
      throw error;
    }
  };
}
