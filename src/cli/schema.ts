import {Command} from 'commander';
import {printableJson} from '../printable.js';
import {pluginOption} from './plugin-option.js';
import {print} from './streams.js';

/** `cv-loss schema`: the JSON Schema (draft-07) of the config or of report.json. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema (draft-07) of the config file, or of report.json')
    .option('--report', 'the schema of report.json instead')
    .addOption(pluginOption().conflicts('report'))
    .addHelpText(
      'after',
      `
Examples:
  cv-loss schema > cv-loss.schema.json
  # then, as the first line of cv-loss.yaml:
  # yaml-language-server: $schema=./cv-loss.schema.json`,
    )
    .action(async ({report, plugin = []}: {report?: boolean; plugin?: readonly string[]}) => {
      const schema = report ? (await import('../report/report.js')).reportJsonSchema() : await configSchema(plugin);
      print(printableJson(schema));
    });
}

async function configSchema(plugins: readonly string[]): Promise<object> {
  const {configJsonSchema} = await import('../config/json-schema.js');
  const {lossesWith} = await import('../config/plugins.js');
  return configJsonSchema(await lossesWith(plugins));
}
