import {Command} from 'commander';
import {EXIT} from './exit.js';
import {print} from './streams.js';

/** `cv-loss doctor`: what this machine has, what is missing, and the command that helps. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check this machine: versions, devices, formats, memory, cache, terminal')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  cv-loss doctor
  cv-loss doctor --json > doctor.json

Exit codes:
  0 cv-loss runs here (a notice is no problem)   2 something keeps it from running`,
    )
    .action(async ({json}: {json?: boolean}) => {
      const {diagnose} = await import('../doctor/diagnose.js');
      const {colours} = await import('./colours.js');
      const diagnosis = await diagnose({colours: colours.isColorSupported});
      if (json) print((await import('./doctor-text.js')).diagnosisJson(diagnosis));
      else print((await import('./doctor-text.js')).diagnosisText(diagnosis));
      process.exitCode = diagnosis.status === 'problem' ? EXIT.usage : EXIT.done;
    });
}
