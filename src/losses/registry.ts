import type {LossDescriptor} from './contract.js';
import {mse} from './pixel/mse.js';

/** Every built-in loss, in the order that lists and docs show. */
export const losses: readonly LossDescriptor[] = [mse];
