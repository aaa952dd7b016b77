/** The files of a series beside the directories of its sets. */
export const SERIES_FILES = {
  csv: 'series.csv',
  markdown: 'series.md',
  html: 'series.html',
  json: 'series.json',
} as const;
