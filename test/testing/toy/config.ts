import { z } from 'zod';
import type { Context } from '../../../src/connector/contract/context.ts';

export const toyConfig = z.strictObject({
  url: z.url(),
  clientSecret: z.string().meta({ secret: true }),
  signingSecret: z.string().meta({ secret: true }),
  /** For signing in by a fixed key in place of the secret. */
  key: z.string().meta({ secret: true }),
});
export type ToyConfig = z.infer<typeof toyConfig>;
export type ToyContext = Context<ToyConfig>;
