const UNSAFE = /[<>&\u2028\u2029]/g;

/**
 * JSON that means the same and that no reader of HTML takes for markup: `<`, `>`, `&` and the line separators of Unicode
 * are escaped, so that text in it, such as the name of a file, ends no element and begins none.
 */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
