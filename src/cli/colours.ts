import pc from 'picocolors';

/**
 * Colours for standard output: on a terminal or under FORCE_COLOR, never under NO_COLOR. By itself picocolors would
 * colour what CI writes to a file, too.
 */
export const colours = pc.createColors(wanted(process.env));

function wanted({NO_COLOR, FORCE_COLOR, TERM}: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR) return false;
  // isTTY is undefined, not false, on what is no terminal.
  return Boolean(FORCE_COLOR) || (process.stdout.isTTY === true && TERM !== 'dumb');
}
