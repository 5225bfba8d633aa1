/** The linear system of a chain with channels taken out, several at once: one lane each. */
import type { Components } from './components.ts';
import type { Links } from './links.ts';

export interface Averages {
  readonly links: Links;
  readonly visits: Float64Array;
  /** `lanes` numbers per state. */
  readonly sources: Float64Array;
  /** One bit per lane and state. */
  readonly blocked: Uint8Array;
  /** What a journey in a state is worth; the sweeps stop when nothing of worth changes any more. */
  readonly weights: Float64Array;
  readonly components: Components;
  /** Links lead to earlier components, or else to later ones. */
  readonly backwards: boolean;
  readonly lastChannels: Int32Array;
}
