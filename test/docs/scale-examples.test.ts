import {readFileSync, rmSync} from 'node:fs';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {parse} from 'yaml';
import {contentsOf} from '../cli/interrupting.js';
import {noise} from '../cli/pixels.js';
import {Workspace} from '../cli/workspace.js';

const work = new Workspace(afterAll);

beforeAll(async () => {
  for (let key = 0; key < 12; key++) {
    await work.image(`out/${key}.png`, noise(key, 12, 12));
    await work.image(`truth/${key}.png`, noise(100 + key, 12, 12));
  }
  // One sample fails, so that every step has to live with code 3.
  work.write('out/7.png', 'no image');
  work.write('cv-loss.yaml', 'inputs: {pred: out, target: truth}\nlosses: [mse, psnr]\n');
  expect((await work.run(['eval', '--report', 'whole', '--quiet'])).code).toBe(3);
});

beforeEach(() => {
  for (const name of ['shards', 'shard', 'report']) rmSync(work.path(name), {recursive: true, force: true});
});

const text = (file: string) => readFileSync(`docs/scale/${file}`, 'utf8');

/** Runs a script of an example in bash as CI runs it (`-e`); in place of the registry's cv-loss stands this build. */
const shell = (script: string, env: Record<string, string> = {}) =>
  work.shell(
    `npx() { [[ $1 == --yes && $2 == cv-loss ]] || return 99; shift 2; cv-loss "$@"; }; export -f npx\nset -e\n${script}`,
    {env},
  );

/** The merged report is that of the whole run. */
function expectWhole(): void {
  expect(contentsOf(work, 'report')).toEqual(contentsOf(work, 'whole'));
}

test('the GitHub matrix: every part is uploaded, the merge makes the report and tells what failed', async () => {
  const {score, merge} = parse(text('github-matrix.yml')).jobs;
  const {shard} = score.strategy.matrix as {shard: number[]};
  expect(shard).toEqual(shard.map((_, i) => i + 1));
  const upload = score.steps.at(-1).with as {name: string; path: string};
  const download = merge.steps[1].with as {pattern: string; path: string};
  const command = score.steps.find((step: {run?: string}) => step.run).run as string;
  for (const index of shard) {
    const filled = (line: string) =>
      line
        .replaceAll(/\$\{\{ matrix\.shard \}\}/g, String(index))
        .replaceAll(/\$\{\{ strategy\.job-total \}\}/g, String(shard.length));
    // What the two artifact actions do: upload puts a folder under a name, download puts those that match into folders of their names.
    expect(filled(upload.name)).toMatch(new RegExp(`^${download.pattern.replace('*', '.*')}$`));
    const move = `mkdir -p ${download.path} && mv ${upload.path} ${download.path}/${filled(upload.name)}`;
    expect(await shell(`${filled(command)}\n${move}`)).toMatchObject({code: 0});
  }
  const {code, stderr} = await shell(merge.steps.find((step: {run?: string}) => step.run).run);
  expect(code).toBe(3);
  expect(stderr).toContain('7: not-an-image: ');
  expect(merge.needs).toBe('score');
  expectWhole();
}, 120_000);

test('the Slurm script: an array whose tasks know their number, and a merge after all of them', async () => {
  /** As much of sbatch as the script asks for: runs what it wraps, for each index of an array, as Slurm would. */
  const sbatch = `
sbatch() {
  local first=0 last=0 wrap='' argument
  for argument in "$@"; do
    case $argument in
      --array=*) IFS=- read -r first last <<< "\${argument#--array=}" ;;
      --wrap=*) wrap=\${argument#--wrap=} ;;
      --parsable | --requeue | --cpus-per-task=*) ;;
      --dependency=*) echo "after $argument" >&2 ;;
      *) echo "sbatch: no option $argument" >&2; return 1 ;;
    esac
  done
  for ((i = first; i <= last; i++)); do
    if ((first)); then SLURM_ARRAY_TASK_ID=$i bash -c "$wrap" > /dev/null || echo "task $i: $?" >&2
    else bash -c "$wrap" > /dev/null || echo "merge: $?" >&2; fi
  done
  echo 4711
}`;
  // Sixteen processes would take long here: three tasks.
  const script = text('slurm.sh').replace('SHARDS=16', 'SHARDS=3');
  const {code, stderr} = await shell(`${sbatch}\n${script}`);
  expect(code).toBe(0);
  expect(stderr.split('\n').filter((line) => /^(after|task|merge|sbatch)/.test(line))).toEqual([
    expect.stringMatching(/^task [1-3]: 3$/),
    'after --dependency=afterany:4711',
    'merge: 3',
  ]);
  expectWhole();
}, 120_000);

test('the Kubernetes Jobs: indices begin at 0, shards at 1, and as many as there are completions', async () => {
  const {spec} = parse(text('kubernetes-shards.yaml'));
  const merge = parse(text('kubernetes-merge.yaml'));
  const [container] = spec.template.spec.containers;
  const env = Object.fromEntries(container.env.map(({name, value}: {name: string; value: string}) => [name, value]));
  expect(Number(env.SHARDS)).toBe(spec.completions);
  expect(container.command).toEqual(['bash', '-c']);
  const [script] = container.args;
  for (const index of [0, 1, 2]) {
    const {code, stderr} = await shell(script, {SHARDS: '3', JOB_COMPLETION_INDEX: String(index)});
    expect(code, stderr).toBe(0);
  }
  const [merging] = merge.spec.template.spec.containers;
  expect(merging.workingDir).toBe(container.workingDir);
  expect(merge.spec.template.spec.volumes).toEqual(spec.template.spec.volumes);
  expect((await shell(merging.args[0])).code).toBe(3);
  expectWhole();
}, 120_000);
