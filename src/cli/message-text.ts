import {UsageError} from '../errors.js';
import {AREAS, type ListedMessage} from '../messages/catalogue.js';
import {nearest} from '../nearest.js';
import {printable} from '../printable.js';
import {colours} from './colours.js';

/**
 * The messages of a code (any case, with or without `CVL-`, in brackets as lines have it) or of the name that a reason
 * begins with, which a row and a run may share. Throws UsageError for one that there is not.
 */
export function messagesNamed(given: string, all: readonly ListedMessage[]): readonly ListedMessage[] {
  const wanted = given
    .trim()
    .replaceAll(/^\[|[\]:]$/g, '')
    .toLowerCase();
  const named = all.filter(({code, name}) =>
    [code, shortOf(code), name ?? ''].some((one) => one.toLowerCase() === wanted),
  );
  if (wanted !== '' && named.length > 0) return named;
  const near = nearest(
    wanted,
    all.flatMap(({code, name}) => [shortOf(code), ...(name === null ? [] : [name])]),
  );
  const meant = all.find(({code, name}) => near !== null && [shortOf(code), name].includes(near));
  const hint = meant ? `; did you mean ${meant.name ?? meant.code}?` : '; cv-loss explain lists them';
  throw new UsageError('CVL-A012', `no message has the code '${printable(given)}'${hint}`);
}

/** `C004`. */
function shortOf(code: string): string {
  return code.slice('CVL-'.length);
}

/** Messages in full. */
export function describeMessages(messages: readonly ListedMessage[]): string {
  return messages.map(describe).join('\n\n');
}

function describe(message: ListedMessage): string {
  const {code, name, title, cause, remedy} = message;
  const head = colours.bold(name === null ? code : `${code} ${name}`);
  return `${head}  ${title}\n\nCause   ${cause}\nRemedy  ${remedy}\nWhere   ${whereText(message)}`;
}

/** Where a message is seen, and what the command ends with. */
function whereText({name, exit, code}: ListedMessage): string {
  if (exit === 3) return `the reason of a failed row begins with \`${name}:\`; exit code 3, the other rows are whole`;
  if (exit === null)
    return 'a line on standard error; the command goes on, and its exit code is what it would be without';
  if (exit === 4) return `a line \`cv-loss: ${name}: …\`; exit code 4, an earlier report is untouched`;
  return `${areaOf(code)}; exit code 2, nothing was computed`;
}

/** The area of a code in words. */
export function areaOf(code: string): string {
  return AREAS[code.charAt('CVL-'.length)] ?? '';
}

/** All messages, a line each, by area. */
export function listMessages(all: readonly ListedMessage[]): string {
  const areas = [...new Set(all.map(({code}) => areaOf(code)))];
  const parts = areas.map((area) => {
    const lines = all
      .filter(({code}) => areaOf(code) === area)
      .map(({code, name, title}) => `  ${code}  ${name === null ? title : `${name}: ${title}`}`);
    return [colours.bold(area), ...lines].join('\n');
  });
  return `${parts.join('\n\n')}\n\ncv-loss explain CODE says why each comes about, and what to do.`;
}
