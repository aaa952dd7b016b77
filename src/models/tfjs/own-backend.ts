import {onBackend} from '../../device/backend.js';
import type {TensorLibrary} from '../../device/device.js';

const NO_KERNEL = /Kernel '(\w+)' not registered for (?:the )?backend/;

/** The backend that one model runs on: a device's, or plain JavaScript from the moment on at which that lacks a kernel. */
export class OwnBackend {
  constructor(
    private tf: TensorLibrary,
    /** Called once, with the operator that was missing. */
    private readonly onSlow: (kernel: string) => void,
  ) {}

  /** Runs a step, again on the other backend where the first lacks a kernel. Steps must not overlap. */
  async run<Value>(step: (tf: TensorLibrary) => Promise<Value>): Promise<Value> {
    try {
      return await step(this.tf);
    } catch (error) {
      const kernel = NO_KERNEL.exec(String(error))?.[1];
      if (kernel === undefined || this.tf.getBackend() === 'cpu') throw error;
      await import('@tensorflow/tfjs-backend-cpu');
      // It would print advice to install tfjs-node on its first use.
      this.tf.env().set('PROD', true);
      this.tf = await onBackend(await import('@tensorflow/tfjs-core'), 'cpu');
      this.onSlow(kernel);
      return step(this.tf);
    }
  }
}
