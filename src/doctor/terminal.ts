import type {Finding} from './check.js';

/** Whether results and progress go to a terminal, and whether colours are used there. */
export async function checkTerminal(colours: boolean): Promise<Finding> {
  const {stdin, stdout, stderr} = process;
  const facts = {
    stdin: stdin.isTTY === true,
    stdout: stdout.isTTY === true,
    stderr: stderr.isTTY === true,
    columns: stdout.columns ?? null,
    colours,
  };
  const place = facts.stdout ? `a terminal of ${facts.columns} columns` : 'no terminal';
  const progress = facts.stderr ? 'progress is shown' : 'no progress is shown';
  return {
    status: 'ok',
    detail: `standard output is ${place}, ${colours ? 'in colour' : 'without colours'}; ${progress}`,
    facts,
  };
}
