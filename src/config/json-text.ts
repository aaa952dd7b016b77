/** What is wrong with a text as strict JSON, and at which offset; null when nothing is. */
export function jsonMistake(text: string): {readonly offset: number; readonly what: string} | null {
  const message = parseError(text);
  if (message === null) return null;
  // Not every message tells its offset, but a prefix is only ever cut short, or wrong by itself.
  let fine = 0;
  let wrong = text.length;
  while (wrong - fine > 1) {
    const middle = Math.floor((fine + wrong) / 2);
    if (isCutShort(text.slice(0, middle))) fine = middle;
    else wrong = middle;
  }
  const offset = isCutShort(text) ? text.length : fine;
  return {offset, what: message.replace(/,? ?(in JSON at position|"|\.\.\."|at position).*$/s, '').trim()};
}

function parseError(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return (error as SyntaxError).message;
  }
}

/** Whether the text is JSON as far as it goes. */
function isCutShort(text: string): boolean {
  const message = parseError(text);
  if (message === null || message.includes('end of JSON')) return true;
  const offset = /at position (\d+)/.exec(message)?.[1];
  return offset !== undefined && Number(offset) >= text.length;
}
