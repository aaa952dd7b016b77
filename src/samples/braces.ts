interface Group {
  /** Expansions of the alternatives that are complete. */
  complete: number;
  /** Expansions of the alternative under way. */
  current: number;
  /** The text since the brace, to tell a range. */
  readonly start: number;
  commas: boolean;
}

const RANGE = /^(-?\w+)\.\.(-?\w+)(?:\.\.(-?\w+))?$/;

/**
 * How many patterns the braces of a glob stand for: `{a,b}` two, `{1..5}` five, one after another multiplied. Counted
 * without expanding them, never less than a brace expander makes.
 */
export function braceExpansions(pattern: string): number {
  const root: Group = {complete: 0, current: 1, start: 0, commas: false};
  const open: Group[] = [root];
  for (let index = 0; index < pattern.length; index += 1) {
    const group = open[open.length - 1] ?? root;
    switch (pattern[index]) {
      case '\\':
        index += 1;
        break;
      case '{':
        open.push({complete: 0, current: 1, start: index + 1, commas: false});
        break;
      case ',':
        if (open.length > 1) {
          closeAlternative(group);
        }
        break;
      case '}':
        if (open.length > 1) {
          open.pop();
          const outer = open[open.length - 1] ?? root;
          outer.current *= groupExpansions(group, pattern.slice(group.start, index));
        }
        break;
      default:
    }
  }
  // A brace that is never closed is plain text, yet what stands inside it still multiplies.
  return open.reduce((product, group) => product * Math.max(1, group.complete + group.current), 1);
}

function closeAlternative(group: Group): void {
  group.complete += group.current;
  group.current = 1;
  group.commas = true;
}

function groupExpansions(group: Group, text: string): number {
  return group.commas ? group.complete + group.current : Math.max(group.current, rangeLength(text));
}

function rangeLength(text: string): number {
  const [, first, last, step] = RANGE.exec(text) ?? [];
  if (first === undefined || last === undefined) {
    return 1;
  }
  const distance = Math.abs(ordinal(last) - ordinal(first));
  const stride = Math.abs(Number(step ?? 1)) || 1;
  return Number.isFinite(distance) ? Math.floor(distance / stride) + 1 : 1;
}

function ordinal(bound: string): number {
  const number = Number(bound);
  return Number.isNaN(number) ? (bound.codePointAt(0) ?? 0) : number;
}
