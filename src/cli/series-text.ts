import {relative} from 'node:path';
import type {SeriesEvaluation} from '../evaluate-series.js';
import {printable} from '../printable.js';
import {colours} from './colours.js';
import type {Shown} from './eval-series.js';
import {hashedLines} from './evaluation-text.js';
import {gateLines} from './gate-lines.js';
import {numberText, secondsText} from './number-text.js';
import {ROWS_SHOWN} from './rows-shown.js';
import {plainTable} from './table.js';

type Series = SeriesEvaluation['series'];

/** A table wider than this is parted where standard output is no terminal, whose width is known otherwise. */
const WIDTH = 120;

/** Equally good sets named; the table marks them all. */
const EQUALS_SHOWN = 5;

/** For standard error: a line for each of the first failed samples, with its set, and how many more there are. */
export function seriesLines({sets, reportDir}: SeriesEvaluation): string[] {
  const shown = sets
    .flatMap(({name, evaluation}) => evaluation.report.failures.map((failure) => ({name, ...failure})))
    .slice(0, ROWS_SHOWN)
    .map(({name, key, code, message}) => `cv-loss: ${printable(`${name}: ${key}: ${code}: ${message}`)}`);
  const failed = sets.reduce((sum, {evaluation}) => sum + evaluation.report.failure_count, 0);
  const more = failed - shown.length;
  const where = reportDir === null ? '' : ', see the reports';
  return more > 0 ? [...shown, `cv-loss: … and ${more} more failed samples${where}`] : shown;
}

/** What `eval --series` prints: the losses by set, the best set of each loss, the gates of every set. */
export function seriesText(
  evaluated: SeriesEvaluation,
  {worst, foundConfig}: Pick<Shown, 'worst' | 'foundConfig'>,
): string {
  const {series, sets, reportDir, seconds} = evaluated;
  const {any, all} = series.samples;
  const first = sets[0]?.evaluation.report;
  const by = foundConfig === null ? '' : ` · ${foundConfig}`;
  const keys = `${any} ${any === 1 ? 'sample' : 'samples'}${all < any ? ` (${all} in all sets)` : ''}`;
  const count = `${sets.length} ${sets.length === 1 ? 'set' : 'sets'}`;
  const head = `${count} · ${keys}${by} · device ${first?.device.name ?? ''} · ${secondsText(seconds)}`;
  const blocks = [
    [head, ...(first ? hashedLines(first) : [])].join('\n'),
    ...setTables(series),
    incompleteLines(series).join('\n'),
    bestTable(evaluated, worst > 0),
    comparisonLines(evaluated).join('\n'),
    sets.flatMap(({name, evaluation}) => gateLines(evaluation.report.gates, name)).join('\n'),
    reportDir ? `reports in ${relative('.', reportDir) || '.'}` : '',
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** The losses by set, the best of each with a star; as many columns side by side as the terminal has room for. */
function setTables(series: Series): string[] {
  const columns = [...lossColumns(series), ...countColumns(series)];
  const names = series.sets.map(({name}) => printable(name));
  const room = (process.stdout.columns ?? WIDTH) - Math.max(3, ...names.map((name) => name.length));
  const tables: (typeof columns)[] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const column of columns) {
    const width = 2 + Math.max(column.title.length, ...column.texts.map((text) => text.length));
    if (used + width > room) {
      tables.push([]);
      used = 0;
    }
    tables.at(-1)?.push(column);
    used += width;
  }
  return tables.map((part) =>
    plainTable(
      ['set', ...part.map(({title}) => title)],
      names.map((name, i) => [name, ...part.map((column) => column.shown(i))]),
      part.map((_, i) => i + 1),
    ),
  );
}

/** A column of the table of sets: its cells without colours, and as they are shown. */
interface TextColumn {
  readonly title: string;
  readonly texts: readonly string[];
  shown(set: number): string;
}

function lossColumns({sets, columns}: Series): TextColumn[] {
  return directed(columns).map(({name, best, values}) => {
    // A blank stands where the star does, so that numbers stay aligned.
    const texts = sets.map((set) => `${numberText(values[set.name]?.value)}${best.includes(set.name) ? '*' : ' '}`);
    return {
      title: printable(name),
      texts,
      shown: (i) => (texts[i]?.endsWith('*') ? colours.green(texts[i]) : (texts[i] ?? '')),
    };
  });
}

/** The samples of each set, and how many of them went wrong, where some did. */
function countColumns({sets}: Series): TextColumn[] {
  const column = (title: string, counts: readonly number[]): TextColumn[] => {
    const texts = counts.map(String);
    return [{title, texts, shown: (i) => texts[i] ?? ''}];
  };
  const wrong = {
    undefined: sets.map(({counts}) => counts.undefined),
    failed: sets.map(({counts}) => counts.failed),
    missing: sets.map(({missing}) => missing),
    'gates failed': sets.map(({gates}) => gates.failed),
  };
  return [
    ...column(
      'n',
      sets.map(({counts}) => counts.samples),
    ),
    ...Object.entries(wrong).flatMap(([title, counts]) =>
      counts.some((count) => count > 0) ? column(title, counts) : [],
    ),
  ];
}

/** Which sets cannot be the best. */
function incompleteLines({sets}: Series): string[] {
  const names = sets.filter(({complete}) => !complete).map(({name}) => printable(name));
  if (names.length === 0) return [];
  return [`scored fewer samples than the others, so never named best: ${names.join(', ')}`];
}

/** The best set of each loss, and the worst pair in it. */
function bestTable({series, sets}: SeriesEvaluation, hasWorst: boolean): string {
  const evaluations = new Map(sets.map(({name, evaluation}) => [name, evaluation]));
  const rows = directed(series.columns)
    .filter(({best}) => best.length > 0)
    .map(({name, statistic, better, best, values}) => {
      const [first = ''] = best;
      const [worst] = statistic === 'value' ? (evaluations.get(first)?.worst(name, 1) ?? []) : [];
      const worstText = worst ? `${printable(worst.key)} ${colours.dim(numberText(worst.value))}` : '';
      return [
        printable(name),
        better,
        equalsText(best),
        numberText(values[first]?.value),
        ...(hasWorst ? [worstText] : []),
      ];
    });
  if (rows.length === 0) return '';
  return plainTable(['loss', 'better', 'best (*)', 'value', ...(hasWorst ? ['worst pair in it'] : [])], rows, [3]);
}

/** What is not the same in a set and in the baseline, but for the values. */
function comparisonLines({sets}: SeriesEvaluation): string[] {
  return sets.flatMap(({name, evaluation: {comparison}}) => {
    if (!comparison) return [];
    const {added, removed, changed, differences} = comparison;
    const counts = {added, removed, 'scored against other data': changed ?? []};
    const pairs = Object.entries(counts).flatMap(([what, keys]) => (keys.length > 0 ? [`${keys.length} ${what}`] : []));
    const lines = [...(pairs.length > 0 ? [`pairs: ${pairs.join(', ')}`] : []), ...differences];
    return lines.map((line) => `${printable(name)}: differs from the baseline: ${printable(line)}`);
  });
}

/** Sets that share a place. */
function equalsText(names: readonly string[]): string {
  const shown = names.slice(0, EQUALS_SHOWN).map(printable).join(', ');
  return names.length > EQUALS_SHOWN ? `${shown} and ${names.length - EQUALS_SHOWN} more` : shown;
}

function directed(columns: Series['columns']): Series['columns'] {
  return columns.filter(({better}) => better !== 'none');
}
