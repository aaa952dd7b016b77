import type {ReportFormat} from './format.js';
import type {Report} from './report.js';
import {element} from './xml.js';

/**
 * junit.xml, as CI servers show it: a suite of gates, a test case each, and a suite of samples with a test case for
 * each failed one (those that report.json lists) and one that counts the rest. Warnings are skipped cases with their
 * message, since a failed case turns the build red.
 */
export const junit: ReportFormat = {
  file: 'junit.xml',
  open: async (output) => ({
    row: async () => undefined,
    end: (report) => output.write(junitText(report)),
  }),
};

interface Case {
  readonly xml: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

function junitText(report: Report): string {
  const gates = report.gates.map(gateCase);
  const suites = [suite('cv-loss.gates', gates), suite('cv-loss.samples', sampleCases(report))];
  const total = (outcome: Case['outcome']) => suites.reduce((sum, {counts}) => sum + counts[outcome], 0);
  const attributes = {
    name: 'cv-loss',
    tests: total('passed') + total('failed') + total('skipped'),
    failures: total('failed'),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    'testsuites',
    attributes,
    suites.map(({xml}) => xml),
  )}\n`;
}

function suite(name: string, cases: readonly Case[]): {xml: string; counts: Record<Case['outcome'], number>} {
  const counts = {passed: 0, failed: 0, skipped: 0};
  for (const {outcome} of cases) counts[outcome]++;
  const attributes = {name, tests: cases.length, failures: counts.failed, errors: 0, skipped: counts.skipped};
  const xml = element(
    'testsuite',
    attributes,
    cases.map((each) => each.xml),
  );
  return {xml, counts};
}

function gateCase({name, level, expected, actual, verdict, reason}: Report['gates'][number]): Case {
  const attributes = {classname: 'cv-loss.gates', name: `${name}: ${expected}`};
  if (verdict === 'pass') return {xml: element('testcase', attributes), outcome: 'passed'};
  const message = [`expected ${expected}, got ${actual ?? 'nothing'}`, reason].filter((part) => part !== '').join('; ');
  const isError = level === 'error';
  const child = isError
    ? element('failure', {message, type: 'gate'})
    : element('skipped', {message: `warning: ${message}`});
  return {xml: element('testcase', attributes, [child]), outcome: isError ? 'failed' : 'skipped'};
}

function sampleCases({failures, failure_count, counts}: Report): Case[] {
  const listed = failures.map(({key, code, message}): Case => {
    const failure = element('failure', {message: `${code}: ${message}`, type: code});
    return {xml: element('testcase', {classname: 'cv-loss.samples', name: key}, [failure]), outcome: 'failed'};
  });
  const more = failure_count - failures.length;
  const rest = counts.samples - counts.failed;
  const summary = (name: string, children: readonly string[], outcome: Case['outcome']): Case => ({
    xml: element('testcase', {classname: 'cv-loss.samples', name}, children),
    outcome,
  });
  return [
    ...listed,
    ...(more > 0
      ? [
          summary(
            `${more} more failed samples`,
            [element('failure', {message: 'see the rows', type: 'sample'})],
            'failed',
          ),
        ]
      : []),
    ...(rest > 0 ? [summary(`${rest} scored samples`, [], 'passed')] : []),
  ];
}
