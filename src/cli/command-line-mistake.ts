import type {CommanderError} from 'commander';
import {UsageError} from '../errors.js';
import type {UsageCode} from '../messages/catalogue.js';
import {printable} from '../printable.js';

/** What commander calls a mistake, and its code here. */
const CODES: Readonly<Record<string, UsageCode>> = {
  'commander.unknownCommand': 'CVL-A001',
  'commander.unknownOption': 'CVL-A002',
  'commander.missingArgument': 'CVL-A003',
  'commander.optionMissingArgument': 'CVL-A003',
  'commander.missingMandatoryOptionValue': 'CVL-A003',
  'commander.excessArguments': 'CVL-A004',
  'commander.invalidArgument': 'CVL-A005',
  'commander.conflictingOption': 'CVL-A006',
};

/** A mistake that commander found in the command line, in one line. */
export function usageErrorFrom({code, message}: CommanderError): UsageError {
  const text = message
    .replace(/^error: /, '')
    .replace('\n(Did', ' (Did')
    .replace(/^command-argument value '(.*)' is invalid for argument '(.*)'\./s, "argument '$2' is '$1'.");
  return new UsageError(CODES[code] ?? 'CVL-A005', printable(text) + remedyFor(text));
}

/** What commander leaves unsaid. */
function remedyFor(text: string): string {
  if (/^too many arguments/.test(text)) return " Quote globs ('out/*.png'), join lists with commas (mse,ssim).";
  if (/^missing required argument/.test(text)) return '; --help describes it';
  return /^unknown /.test(text) && !text.endsWith('?)') ? '; --help lists them' : '';
}
