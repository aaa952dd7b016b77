import {workerData} from 'node:worker_threads';
import {startCpu} from '../../device/cpu.js';
import {RunError, UsageError} from '../../errors.js';
import type {LossContext} from '../../losses/contract.js';
import type {Sample} from '../../samples/sample.js';
import {createLosses} from '../configured-loss.js';
import {SampleLoader} from '../load.js';
import {Profile, type StageSeconds} from '../profile.js';
import {readingsOf} from '../readings.js';
import {type LossOutcome, scoreLoss} from '../score.js';
import {lossEntries, type ThreadResult, type ThreadWork, toResult} from './thread-work.js';

/** What a thread answers: the scored sample, or why the whole run must end (a UsageError where there is no code). */
export type ThreadAnswer = (
  | ThreadResult
  | {readonly ending: {readonly code: string | null; readonly message: string}}
) & {
  /** What the thread spent since its last answer. */
  readonly seconds?: StageSeconds | undefined;
};

/** Reads, decodes and scores a sample; null is asked of a thread to learn that it is there. */
type Answer = (sample: Sample | null) => Promise<ThreadAnswer | null>;

async function start({settings, losses: named, prepared, shared, measured}: ThreadWork): Promise<Answer> {
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
    if (sample === null) return null;
    try {
      const loaded = await loader.load(sample);
      const outcomes: LossOutcome[] = [];
      if ('decoded' in loaded) {
        for (const loss of losses) outcomes.push(...(await scoreLoss(loss, [loaded.decoded], {device, profile})));
      }
      return {...toResult(loaded, outcomes), seconds: profile?.take()};
    } catch (error) {
      if (error instanceof RunError) return {ending: {code: error.code, message: error.message}};
      if (error instanceof UsageError) return {ending: {code: null, message: error.message}};
      throw error;
    }
  };
}

export default start(workerData as ThreadWork);
