/** The files of a series beside the directories of its sets. */
export const SERIES_FILES = {csv: 'series.csv', markdown: 'series.md', json: 'series.json'} as const;
