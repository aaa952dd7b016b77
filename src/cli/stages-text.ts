import type {Evaluation} from '../evaluation.js';
import {plainTable} from './table.js';

/** Where the time of a run went: seconds and share of each stage, the longest first. */
export function stagesText(stages: NonNullable<Evaluation['stages']>, seconds: number): string {
  const all = Object.entries(stages).sort(([, a], [, b]) => b - a);
  const sum = all.reduce((total, [, spent]) => total + spent, 0);
  const rows = all.map(([stage, spent]) => [stage, spent.toFixed(3), `${((100 * spent) / sum).toFixed(1)} %`]);
  const heading = `${seconds.toFixed(2)} s in all; what files and threads do at once adds up:`;
  return `${heading}\n${plainTable(['stage', 'seconds', 'share'], rows, [1, 2])}`;
}
