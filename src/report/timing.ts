/** How long the run took goes to a file of its own, so that report.json is the same bytes for the same work. */
export const TIMING_FILE = 'timing.json';

/** What `schema` says in a timing.json. */
export const TIMING_SCHEMA = 'cv-loss-timing/1';

/** The text of timing.json. */
export function timingText(timing: object): string {
  return `${JSON.stringify({schema: TIMING_SCHEMA, ...timing}, null, 2)}\n`;
}
