import {Command} from 'commander';
import {printableJson} from '../printable.js';
import {print} from './streams.js';

/** `cv-loss explain [CODE]`: all messages as a list, or what one means and what to do. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('what an error or a notice means and what to do: its code, or the reason of a failed row')
    .argument('[code]', 'such as CVL-C004, c004 or sizes-differ; all by default')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  cv-loss explain
  cv-loss explain CVL-C004
  cv-loss explain sizes-differ`,
    )
    .action(async (code: string | undefined, {json}: {readonly json?: boolean}) => {
      const {allMessages} = await import('../messages/catalogue.js');
      const {describeMessages, listMessages, messagesNamed} = await import('./message-text.js');
      const all = allMessages();
      const chosen = code === undefined ? all : messagesNamed(code, all);
      if (json) print(printableJson(chosen));
      else print(code === undefined ? listMessages(all) : describeMessages(chosen));
    });
}
