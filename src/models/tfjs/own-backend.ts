import type {TensorLibrary} from '../../device/device.js';

const NO_KERNEL = /Kernel '(\w+)' not registered for (?:the )?backend/;

/**
 * The backend that one model runs on: the one that is set, or plain JavaScript from the moment on at which that lacks a
 * kernel. The process's backend is set back after every run.
 */
export class OwnBackend {
  private name: string;

  constructor(
    private readonly tf: TensorLibrary,
    /** Called once, with the operator that was missing. */
    private readonly onSlow: (kernel: string) => void,
  ) {
    this.name = tf.getBackend();
  }

  /** Runs a step, again on the other backend where the first lacks a kernel. Steps must not overlap. */
  async run<Value>(step: () => Promise<Value>): Promise<Value> {
    try {
      return await this.on(this.name, step);
    } catch (error) {
      const kernel = NO_KERNEL.exec(String(error))?.[1];
      if (kernel === undefined || this.name === 'cpu') throw error;
      await import('@tensorflow/tfjs-backend-cpu');
      // It would print advice to install tfjs-node on its first use.
      this.tf.env().set('PROD', true);
      this.name = 'cpu';
      this.onSlow(kernel);
      return this.on(this.name, step);
    }
  }

  private async on<Value>(name: string, step: () => Promise<Value>): Promise<Value> {
    const before = this.tf.getBackend();
    if (before === name) return step();
    await this.tf.setBackend(name);
    try {
      return await step();
    } finally {
      await this.tf.setBackend(before);
    }
  }
}
