/** Failed and undefined samples printed one by one; the report has them all. */
export const ROWS_SHOWN = 10;
