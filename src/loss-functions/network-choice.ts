import * as z from 'zod';

/** How a network that a program asks for pools and reads its images. */
export const poolingAndInput = {
  pooling: z.enum(['max', 'average', 'l2']).default('max'),
  input: z.enum(['weights', 'unit']).default('weights'),
};
