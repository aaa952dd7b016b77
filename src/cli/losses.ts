import {Command} from 'commander';
import {printableJson} from '../printable.js';
import {pluginOption} from './plugin-option.js';
import {print} from './streams.js';

/** The flags of `losses`. */
interface LossesFlags {
  readonly json?: boolean;
  readonly plugin?: readonly string[];
}

/** `cv-loss losses [ID]`: the registry as a list, or one loss in full. */
export function lossesCommand(): Command {
  return new Command('losses')
    .description('list the losses, or show one: formula, options, reference')
    .argument('[id]', 'a loss, such as ssim')
    .option('--json', 'print JSON')
    .addOption(pluginOption())
    .addHelpText(
      'after',
      `
Examples:
  cv-loss losses
  cv-loss losses ssim
  cv-loss losses --json`,
    )
    .action(async (id: string | undefined, {json, plugin = []}: LossesFlags) => {
      const {lossesWith} = await import('../config/plugins.js');
      const {describeLoss, listLosses, listPresets, lossAsJson, namedLosses} = await import('./loss-text.js');
      const chosen = namedLosses(id, await lossesWith(plugin));
      if (json) print(printableJson(id === undefined ? chosen.map(lossAsJson) : lossAsJson(chosen[0])));
      else print(id === undefined ? `${listLosses(chosen)}\n\n${listPresets()}` : describeLoss(chosen[0]));
    });
}
