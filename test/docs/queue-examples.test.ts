import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {parseAllDocuments} from 'yaml';
import {contentsOf} from '../cli/interrupting.js';
import {noise} from '../cli/pixels.js';
import {Workspace} from '../cli/workspace.js';
import {watched} from '../queue/queued.js';
import {RedisServer} from '../queue/redis-server.js';

const work = new Workspace(afterAll);
const text = (file: string) => readFileSync(`docs/scale/${file}`, 'utf8');
let redis: RedisServer;

beforeAll(async () => {
  for (let key = 0; key < 12; key++) {
    await work.image(`out/${key}.png`, noise(key, 12, 12));
    await work.image(`truth/${key}.png`, noise(100 + key, 12, 12));
  }
  work.write('cv-loss.yaml', 'inputs: {pred: out, target: truth}\nlosses: [mse, psnr]\n');
  expect((await work.run(['eval', '--report', 'whole', '--quiet'])).code).toBe(0);
  redis = await RedisServer.start();
});

afterAll(() => redis?.remove());

/** In place of the registry's cv-loss stands this build. */
const NPX = `npx() { [[ $1 == --yes && $2 == cv-loss ]] || return 99; shift 2; cv-loss "$@"; }; export -f npx`;

test('the Slurm script: workers that end when there is nothing left, and the run that they share', async () => {
  const sbatch = `
sbatch() {
  local argument
  for argument in "$@"; do
    case $argument in
      --wrap=*) bash -c "\${argument#--wrap=}" 2> worker.log & ;;
      --array=* | --requeue | --cpus-per-task=* | --signal=*) ;;
      *) echo "sbatch: no option $argument" >&2; return 1 ;;
    esac
  done
}`;
  const script = text('slurm-workers.sh').replace('--idle 300', '--idle 12 --jobs 1').replace('exec npx', 'npx');
  const env = {CV_LOSS_QUEUE: redis.url};
  const {code, stderr} = await work.shell(`${NPX}\n${sbatch}\n${script}\nwait`, {env});
  expect(code, stderr).toBe(0);
  expect(contentsOf(work, 'report')).toEqual(contentsOf(work, 'whole'));
  expect(work.read('worker.log')).toMatch(/ends after 12 shards\n$/);
});

test('the commands of the unit and of the pods are those that there are', async () => {
  const [, unit = ''] = /^ExecStart=\/usr\/bin\/env cv-loss (.*)$/m.exec(text('cv-loss-worker.service')) ?? [];
  const [deployment, job] = parseAllDocuments(text('kubernetes-workers.yaml')).map((document) => document.toJS());
  const [pods] = deployment.spec.template.spec.containers;
  const [install, worker = ''] = pods.args[0].split(' && exec cv-loss ');
  expect(install).toBe('npm install -g --ignore-scripts cv-loss');
  for (const command of [unit, worker]) {
    const ended = await work.run([...command.split(' '), '--idle', '1'], {env: {CV_LOSS_QUEUE: redis.url}});
    expect(ended.code, ended.stderr).toBe(0);
  }
  const [run] = job.spec.template.spec.containers;
  expect(run.env).toEqual(pods.env);
  expect(run.volumeMounts).toEqual(pods.volumeMounts);
  const running = watched(work, ['worker', '--queue', redis.url, '--jobs', '1']);
  expect(await work.shell(`${NPX}\n${run.args[0]}`, {env: {CV_LOSS_QUEUE: redis.url}})).toMatchObject({
    code: 0,
    stderr: '',
  });
  running.child.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
});
