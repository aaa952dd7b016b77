import type {ClassesConfig, PaletteConfig} from './classes.js';
import {type ConfigNode, type ConfigPath, keyPositionOf, positionOf} from './node.js';
import {type Problem, showValue} from './problem.js';

/** What is wrong with `classes` and `palette` beyond their form: both given, too few classes, two that are the same. */
export function classProblems(
  {classes, palette}: {readonly classes: ClassesConfig | null; readonly palette: PaletteConfig | null},
  root: ConfigNode,
): Problem[] {
  const problems: Problem[] = [];
  if (classes !== null && palette !== null) {
    problems.push({
      code: 'CVL-C014',
      at: positionOf(root, ['classes']),
      text: 'the palette names the classes already, expected one of classes and palette',
    });
  }
  if (typeof classes === 'object' && classes !== null) {
    const entries = Object.entries(classes);
    problems.push(...tooFew(['classes'], entries.length, root));
    problems.push(...repeated(['classes'], entries, ([id]) => Number(id), 'the id', root));
    problems.push(...repeated(['classes'], entries, ([, name]) => name, 'the name', root));
  }
  if (typeof palette === 'object' && palette !== null) {
    const entries = Object.entries(palette);
    problems.push(...tooFew(['palette'], entries.length, root));
    problems.push(...repeated(['palette'], entries, ([, colour]) => colour.toLowerCase(), 'the colour', root));
  }
  return problems;
}

function tooFew(path: ConfigPath, count: number, root: ConfigNode): Problem[] {
  if (count >= 2) return [];
  return [
    {
      code: 'CVL-C014',
      at: positionOf(root, path),
      text: `${path.join('.')}: expected two classes or more, got ${count}`,
    },
  ];
}

/** A problem for each entry whose `of` an earlier one has. */
function repeated(
  path: ConfigPath,
  entries: readonly (readonly [string, string])[],
  of: (entry: readonly [string, string]) => string | number,
  what: string,
  root: ConfigNode,
): Problem[] {
  const first = new Map<string | number, string>();
  const problems: Problem[] = [];
  for (const entry of entries) {
    const [key] = entry;
    const value = of(entry);
    const other = first.get(value);
    if (other === undefined) first.set(value, key);
    else {
      problems.push({
        code: 'CVL-C014',
        at: keyPositionOf(root, [...path, key]),
        text: `${path.join('.')}: ${showValue(other)} and ${showValue(key)} have ${what} ${showValue(value)} both`,
      });
    }
  }
  return problems;
}
