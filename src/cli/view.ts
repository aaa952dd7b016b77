import {Command} from 'commander';
import {printable} from '../printable.js';
import {exitWith} from './exit.js';
import {openInBrowser, whyNoBrowser} from './open-in-browser.js';
import {log, print} from './streams.js';

/** The flags of `view`. */
interface ViewFlags {
  readonly output?: string;
  readonly again?: boolean;
  readonly open: boolean;
}

/** `cv-loss view [DIR]`: a report as a page. */
export function viewCommand(): Command {
  return new Command('view')
    .description('look at a report: makes its page, report.html, where there is none, and opens it')
    .argument('[dir]', 'the report of a run or of a series', 'cv-loss-report')
    .option('--output <file>', 'where the page goes (default: report.html in the directory)')
    .option('--again', 'make the page again where there is one; pictures that eval put into it are lost')
    .option('--no-open', 'only print where the page is')
    .addHelpText(
      'after',
      `
The page holds all it needs, works without a network and may be sent to others. It is opened by the program that
BROWSER names, else by that of the system; without a screen, and in CI, its path is printed.

Examples:
  cv-loss view
  cv-loss view main/report --no-open
  cv-loss view main/report --output main.html`,
    )
    .action(async (dir: string, {output, again, open}: ViewFlags) => {
      try {
        const {viewReport} = await import('../view.js');
        const page = await viewReport(dir, {output, again});
        print(printable(page));
        const why = open ? whyNoBrowser(process.env, process.platform) : null;
        if (why !== null) log(why);
        else if (open && !(await openInBrowser(page))) log('no program opened the page; open it in a browser');
      } catch (error) {
        exitWith(error);
      }
    });
}
