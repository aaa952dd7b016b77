import type {Diagnosis} from '../doctor/diagnose.js';
import {printableJson} from '../printable.js';
import {version} from '../version.js';
import {colours} from './colours.js';
import {plainTable} from './table.js';

const COLOURS = {ok: colours.green, notice: colours.yellow, problem: colours.red} as const;

/** One line a check, the command that helps below it, and the verdict. */
export function diagnosisText({status, checks, improvement}: Diagnosis): string {
  const rows = checks.flatMap(({name, status, detail, remedy}) => [
    [COLOURS[status](status), name, detail],
    ...(remedy === undefined ? [] : [['', '', `→ ${colours.bold(remedy)}`]]),
  ]);
  const count = (wanted: string) => checks.filter((check) => check.status === wanted).length;
  const notices = count('notice');
  const noticed = notices === 0 ? '' : `, ${notices} ${notices === 1 ? 'notice' : 'notices'}`;
  const problems = count('problem');
  const verdict =
    status === 'problem'
      ? `${problems} ${problems === 1 ? 'problem' : 'problems'}${noticed}`
      : `cv-loss ${version} runs here${noticed}`;
  const first = improvement === null ? '' : `; first: ${colours.bold(improvement)}`;
  return `${plainTable(['', 'check', 'found'], rows)}\n\n${verdict}${first}`;
}

/** The same for programs: the facts of each check under its name. */
export function diagnosisJson({status, checks, improvement}: Diagnosis): string {
  const byName = checks.map(({name, status, detail, remedy = null, facts}) => [
    name,
    {status, detail, remedy, ...facts},
  ]);
  return printableJson({version, status, improvement, checks: Object.fromEntries(byName)});
}
