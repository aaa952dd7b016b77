import {showComparison} from './comparison-page.js';
import {takeBlocks} from './page.js';
import {showRun} from './run-page.js';
import {showSeries} from './series-page.js';

const blocks = takeBlocks();
const [report, comparison, series] = [blocks.one('report'), blocks.one('comparison'), blocks.one('series')];
if (report) showRun(report, blocks);
if (comparison) showComparison(comparison, blocks);
if (series) showSeries(series, blocks);
