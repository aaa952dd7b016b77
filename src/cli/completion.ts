import {Argument, Command} from 'commander';
import {print} from './streams.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** `cv-loss completion SHELL`: a script that completes commands, options and their values. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print the completion script of bash, zsh or fish')
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  cv-loss completion bash > ~/.local/share/bash-completion/completions/cv-loss
  cv-loss completion zsh > "\${fpath[1]}/_cv-loss"
  cv-loss completion fish > ~/.config/fish/completions/cv-loss.fish
  source <(cv-loss completion bash)                      in this shell alone; zsh too`,
    )
    .action(async (shell: (typeof SHELLS)[number]) => {
      const {completedProgram} = await import('./completion-tree.js');
      print(await script(shell, await completedProgram()));
    });
}

async function script(
  shell: (typeof SHELLS)[number],
  program: Awaited<ReturnType<typeof import('./completion-tree.js').completedProgram>>,
): Promise<string> {
  if (shell === 'bash') return (await import('../completion/bash.js')).bashCompletion(program);
  if (shell === 'zsh') return (await import('../completion/zsh.js')).zshCompletion(program);
  return (await import('../completion/fish.js')).fishCompletion(program);
}
