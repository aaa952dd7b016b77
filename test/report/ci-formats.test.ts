import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {DOMParser} from '@xmldom/xmldom';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {FormatName} from '../../src/report/formats.js';
import {openReport} from '../../src/report/open.js';
import type {Report} from '../../src/report/report.js';
import type {Row} from '../../src/rows/row.js';
import {scratchFolder} from '../storage/scratch.js';
import {reportOf} from './report-of.js';
import {COLUMNS, hostileText, row} from './rows.js';

/** What a format writes for a report. */
async function written(format: FormatName, file: string, report: Report): Promise<string> {
  const dir = scratchFolder();
  const writer = await openReport({dir, formats: [format, 'json'], columns: COLUMNS});
  await writer.end(report, {seconds: 1});
  await writer.publish();
  return readFileSync(join(dir, file), 'utf8');
}

const gate = {
  name: 'mse.mean',
  level: 'error',
  expected: 'at most 0.01',
  actual: 0.02,
  verdict: 'fail',
  reason: '',
} as const;
const gates: Report['gates'] = [
  {...gate, verdict: 'pass', actual: 0.001},
  gate,
  {...gate, level: 'warn', name: 'total.p95'},
  {...gate, name: 'ssim.mean', actual: null, reason: 'ssim was not computed'},
];

const rows: Row[] = [row('a', [1, 2, 3]), row('b', [3, 'n/a', Number.POSITIVE_INFINITY]), failed('c')];

function failed(key: string, message = 'cannot be read'): Row {
  return row(key, [null, null, null], {status: 'failed', reason: `decode-failed: ${message}`});
}

const report: Report = {...reportOf(rows), gates};
const names = fc.tuple(hostileText, hostileText, hostileText);

/** A report whose every text is hostile. */
function hostileReport([key, group, name]: readonly [string, string, string]): Report {
  const made = reportOf([{...row(key, [1, 2, 3]), group}, failed(`${key}2`, name)]);
  return {...made, gates: [{...gate, name, reason: key, expected: group}]};
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 leaves out.
const UNWRITABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

describe('junit.xml', () => {
  const parse = (xml: string) =>
    new DOMParser({
      onError: (level, message) => {
        // What XML cannot write is a replacement character, and looks like a wrong encoding.
        if (level === 'warning' && message.includes('replacement character')) return;
        throw new Error(`${level}: ${message}`);
      },
    }).parseFromString(xml, 'application/xml');

  test('a case for each gate and each failed sample, counts that add up', async () => {
    const xml = parse(await written('junit', 'junit.xml', report));
    const suites = [...xml.getElementsByTagName('testsuite')];
    const count = (name: string) => suites.map((suite) => Number(suite.getAttribute(name)));
    expect(suites.map((suite) => suite.getAttribute('name'))).toEqual(['cv-loss.gates', 'cv-loss.samples']);
    expect([count('tests'), count('failures'), count('skipped')]).toEqual([
      [4, 2],
      [2, 1],
      [1, 0],
    ]);
    for (const suite of suites) {
      expect(suite.getElementsByTagName('testcase').length).toBe(Number(suite.getAttribute('tests')));
      expect(suite.getElementsByTagName('failure').length).toBe(Number(suite.getAttribute('failures')));
    }
    const messages = [...xml.getElementsByTagName('failure')].map((failure) => failure.getAttribute('message'));
    expect(messages).toEqual([
      'expected at most 0.01, got 0.02',
      'expected at most 0.01, got nothing; ssim was not computed',
      'decode-failed: cannot be read',
    ]);
    expect(xml.documentElement?.getAttribute('tests')).toBe('6');
  });

  test('any text is well-formed XML and comes back, but for characters that XML cannot write', async () => {
    const writable = (text: string) => Buffer.from(text).toString().replaceAll(UNWRITABLE, '\ufffd');
    await fc.assert(
      fc.asyncProperty(names, async (texts) => {
        const xml = parse(await written('junit', 'junit.xml', hostileReport(texts)));
        const [first, second] = [...xml.getElementsByTagName('testcase')].map((each) => each.getAttribute('name'));
        expect(first).toBe(writable(`${texts[2]}: ${texts[1]}`));
        expect(second).toBe(writable(`${texts[0]}2`));
      }),
      {numRuns: 100},
    );
  });
});

describe('metrics.txt', () => {
  // The grammar of OpenMetrics 1.0, as far as gauges need it.
  const label = String.raw`[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"`;
  const line = new RegExp(
    String.raw`^(?:# (?:TYPE \w+ gauge|HELP \w+ [^\n]*)|\w+\{${label}(?:,${label})*\} (?:\+Inf|-Inf|-?\d\S*))$`,
  );

  test('values, counts and verdicts', async () => {
    const text = await written('openmetrics', 'metrics.txt', report);
    expect(text).toContain('cv_loss_value{column="mse",statistic="mean"} 2\n');
    expect(text).toContain('cv_loss_rows{column="total",kind="infinite"} 1\n');
    expect(text).toContain('cv_loss_samples{status="failed"} 1\n');
    expect(text).toContain('cv_loss_gate{name="ssim.mean",level="error"} 0\n');
    expect(text).toContain('cv_loss_gate{name="mse.mean",level="error"} 1\n');
  });

  test('any text keeps to the grammar, each series once', async () => {
    await fc.assert(
      fc.asyncProperty(names, async (texts) => {
        const text = await written('openmetrics', 'metrics.txt', hostileReport(texts));
        expect(text.endsWith('\n# EOF\n')).toBe(true);
        const lines = text.split('\n').slice(0, -2);
        for (const each of lines) expect(each).toMatch(line);
        const series = lines.filter((each) => !each.startsWith('#')).map((each) => each.replace(/ \S+$/, ''));
        expect(new Set(series).size).toBe(series.length);
      }),
      {numRuns: 100},
    );
  });
});

describe('summary.md', () => {
  test('what failed comes first', async () => {
    const text = await written('markdown', 'summary.md', report);
    expect(text).toMatch(/^### cv-loss: ❌ 2 of 4 gates failed, 3 samples, 1 failed\n/);
    const marks = text.split('\n').flatMap((each) => /^\| (✅|❌|⚠️) \|/.exec(each)?.[1] ?? []);
    expect(marks).toEqual(['❌', '❌', '⚠️', '✅']);
    expect(text).toContain('| mse | lower | 2 |');
    expect(text).toContain('- <code>c</code>: decode-failed: cannot be read');
  });

  test('names are text, not markup', async () => {
    const name = '<img src=x onerror=alert(1)>|[a](javascript:b)\n# `c`';
    const text = await written('markdown', 'summary.md', hostileReport([name, name, name]));
    expect(text).not.toMatch(/<img|\]\(|^# /m);
    const rows = text.split('\n').filter((each) => each.startsWith('|'));
    expect(new Set(rows.slice(0, 3).map((each) => each.split('|').length))).toEqual(new Set([6]));
  });

  test('stays small whatever the report holds', async () => {
    const many = Array.from({length: 2000}, (_, i) => failed(`${i}-${'x'.repeat(200)}`, 'y'.repeat(500)));
    const text = await written('markdown', 'summary.md', {...reportOf(many), gates: Array(500).fill(gate)});
    expect(Buffer.byteLength(text)).toBeLessThan(2 ** 16);
    expect(text).toContain('… and 1980 more failed samples');
    expect(text).toContain('… and 480 more gates');
  });
});

test('metrics.json holds finite numbers only, by column and aggregate', async () => {
  const made = JSON.parse(await written('metrics', 'metrics.json', report));
  expect(Object.keys(made)).toEqual(['mse', 'total']);
  expect(made.mse).toMatchObject({value: 2, mean: 2, min: 1, max: 3, infinite: 0});
  expect(made.total).toMatchObject({mean: 3, infinite: 1});
  expect(
    Object.values(made)
      .flatMap((column) => Object.values(column as object))
      .every(Number.isFinite),
  ).toBe(true);
});
