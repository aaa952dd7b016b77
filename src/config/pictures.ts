import * as z from 'zod';
import {type ConfigNode, keyPositionOf, nodeAt} from './node.js';
import type {Problem} from './problem.js';
import type {ParsedConfig} from './schema.js';
import {isSetTask} from './task-problems.js';

/** Which samples are drawn: none, all, or so many of each loss's worst or best. */
export type ShownConfig = null | {readonly of: 'all'} | {readonly of: 'worst' | 'best'; readonly count: number};

/** `report.heatmaps` as a config writes it. */
const heatmaps = z
  .string()
  .regex(/^(none|all|(worst|best):[1-9]\d{0,5})$/, 'expected worst:N or best:N (such as worst:20), all or none')
  .default('none')
  .describe('per-pixel maps of each loss as PNG: of its worst:N or best:N samples, all or none');

const gallery = z
  .int()
  .min(0)
  .max(100)
  .default(8)
  .describe('samples of the html report: so many of the worst and as many of the best of each loss; 0: none');

const assets = z
  .enum(['inline', 'link'])
  .default('inline')
  .describe('images of the html report: inside the file, or as files in assets/ beside it');

/** The keys of `report` that say which pictures are made. */
export const pictureShape = {heatmaps, gallery, assets};

/** From the text of a config to what it says. */
export function shownOf(text: string): ShownConfig {
  if (text === 'none') return null;
  const [of, count] = text.split(':') as ['all' | 'worst' | 'best', string?];
  return of === 'all' ? {of} : {of, count: Number(count)};
}

/** Pictures that are asked for where there are no images, or no folder for them. */
export function pictureProblems({task, report}: ParsedConfig, root: ConfigNode): Problem[] {
  const problems: Problem[] = [];
  const at = (key: string) => keyPositionOf(root, ['report', key]);
  if (report.heatmaps !== 'none') {
    if (isSetTask(task)) {
      problems.push({
        code: 'CVL-C012',
        at: at('heatmaps'),
        text: `task ${task} scores no images, so there is nothing to draw; remove it`,
      });
    } else if (report.dir === null) {
      const text =
        'maps are drawn into the directory of the report, and there is none; leave out --no-report, or set report.dir';
      problems.push({code: 'CVL-C028', at: at('heatmaps'), text});
    }
  }
  for (const key of ['gallery', 'assets'] as const) {
    if (!nodeAt(root, ['report', key]) || (report.formats as readonly string[]).includes('html')) continue;
    problems.push({
      code: 'CVL-C028',
      at: at(key),
      text: 'only the html report has such images; add html to report.formats (--report-format), or remove it',
    });
  }
  return problems;
}
