import {startDevice} from '../device/start.js';
import {wrongArithmetic} from './arithmetic.js';
import {firstLine} from './check.js';

/** What a device said of itself, printed as JSON by this program: `node device-probe.js NAME`. */
export type Probe =
  | {
      readonly versions: Readonly<Record<string, string>>;
      readonly gpu: boolean;
      readonly memoryLimit: number;
      /** What it computes wrongly. */
      readonly wrong: string | null;
    }
  | {readonly error: string};

async function probe(name: string): Promise<Probe> {
  try {
    const {tf, ready, versions, gpu, memoryLimit} = await startDevice(name === 'tensorflow' ? name : 'cpu');
    await ready();
    return {versions, gpu, memoryLimit, wrong: await wrongArithmetic(tf)};
  } catch (error) {
    return {error: firstLine(error).replace(/^--device \w+: /, '')};
  }
}

process.stdout.write(JSON.stringify(await probe(process.argv[2] ?? '')));
