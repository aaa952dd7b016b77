import {performance} from 'node:perf_hooks';
import {beginRun} from './begin-run.js';
import {type ConfigInput, resolveConfig} from './config/resolve.js';
import type {EvaluateOptions, Evaluation} from './evaluation.js';
import {openEvaluation} from './evaluation-session.js';

export type {EvaluateOptions, Evaluation} from './evaluation.js';

/**
 * Scores a dataset: the config (keys as a config file writes them) says what, the report says how it went.
 * From a program no report is written unless `config.report.dir` says where.
 * Throws UsageError for a mistake in the config or the environment (nothing was computed) and RunError when the
 * run could not finish; a sample that cannot be scored is a failed row, never a throw.
 */
export async function evaluate(input: ConfigInput, options: EvaluateOptions = {}): Promise<Evaluation> {
  const {
    keepRows = true,
    resume = options.descriptors ? 'never' : 'auto',
    onStart,
    onRow,
    signal = new AbortController().signal,
  } = options;
  const started = performance.now();
  const config = await resolveConfig({from: 'options', defaultReportDir: null, ...options, flags: input});
  const begun = await beginRun(config, {...options, signal});
  try {
    const session = await openEvaluation(begun, {...options, keepRows, resume, started});
    try {
      onStart?.({samples: begun.samples, task: begun.resolved.task});
      for await (const row of begun.run.rows(session.keeper)) {
        await session.add(row);
        onRow?.(row);
      }
      const evaluation = await session.complete();
      await session.publish();
      return evaluation;
    } catch (error) {
      await session.abandon();
      throw error;
    }
  } finally {
    await begun.run.close();
  }
}
