import {readFileSync, symlinkSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {Workspace} from '../cli/workspace.js';
import {blocksOf, fileOf, reasonOf} from './pages.js';

/** What following a page gives. */
export interface Followed {
  /** The page with what its commands print now; a block in which only durations differ stays as it was. */
  readonly page: string;
  /** Commands that end with an error, one a line; a page shows that a command fails with `|| echo "exit code $?"`. */
  readonly failures: readonly string[];
}

/** What lies in the clone beside what the reader makes. */
const BUNDLED = ['fixtures', 'configs', 'docs', 'package.json'];

/**
 * Follows a page from top to bottom in one folder that has what a clone has: writes the files that it names, runs each `sh`
 * block, and puts what that prints (standard output and error) in place of the `text` block after it.
 */
export async function follow(page: string, work: Workspace): Promise<Followed> {
  for (const name of BUNDLED) symlinkSync(resolve(name), work.path(name));
  const blocks = blocksOf(page);
  const script: string[] = [];
  const printed: {readonly output: string; readonly at: number; readonly shown: string}[] = [];
  for (const [i, block] of blocks.entries()) {
    const file = fileOf(block);
    if (file !== null)
      script.push(`mkdir -p "$(dirname '${file}')"; cat > '${file}' <<'END ${i}'\n${block.text}END ${i}`);
    if (block.language !== 'sh' || reasonOf(block) !== null) continue;
    script.push(`line=${block.line}; { ${block.text.trimEnd()}\n} > "$OUT/${i}" 2>&1`);
    const after = blocks[i + 1];
    if (after?.language !== 'text' || page.slice(block.at + block.text.length, after.at) !== '```\n\n```text\n')
      continue;
    printed.push({output: String(i), at: after.at, shown: after.text});
  }
  const out = join(work.home, '..', 'printed');
  const {stdout, stderr} = await work.shell(`${SHELL}\n${script.join('\n')}`, {env: {OUT: out}});
  let text = page;
  for (const {output, at, shown} of printed.toReversed()) {
    const now = `${readFileSync(join(out, output), 'utf8').trimEnd()}\n`;
    if (withoutDurations(now) !== withoutDurations(shown))
      text = text.slice(0, at) + now + text.slice(at + shown.length);
  }
  return {page: text, failures: `${stdout}${stderr}`.split('\n').filter((line) => line !== '')};
}

/** `npx cv-loss` is this build; a command that fails is told with the line of its block. */
const SHELL = `mkdir -p "$OUT"
npx() { [[ $1 == cv-loss ]] || { echo "only npx cv-loss can be run: $*"; return 99; }; shift; cv-loss "$@"; }
exec 3>&1
trap 'echo "line $line: exit code $?: $BASH_COMMAND" >&3' ERR`;

function withoutDurations(text: string): string {
  return text.replaceAll(/\b[\d.]+ (ms|s|min)\b/g, '… s');
}
