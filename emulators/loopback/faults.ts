import { Problem } from '../../src/support/problem.ts';
import type { FaultBoard, InjectedFault } from './contract.ts';

/** How a vendor's API names a call: `name` as in the request log; `counted` is false for signing in. */
export interface Route {
  readonly name: string;
  readonly counted: boolean;
}

export interface DrawingBoard extends FaultBoard {
  /** The fault that this request meets, if any; drawing it spends it. */
  draw(route: Route): InjectedFault | undefined;
}

interface Pending {
  readonly fault: InjectedFault;
  toSkip: number;
  left: number;
}

/** `names` are the vendor's own faults that `what: 'vendor'` may ask for. */
export function createFaultBoard(names: readonly string[] = []): DrawingBoard {
  let pending: Pending[] = [];
  return {
    inject(fault) {
      assertKnown(fault, names);
      pending.push({ fault, toSkip: fault.after ?? 0, left: fault.times });
    },
    clear() {
      pending = [];
    },
    draw(route) {
      if (pending.length === 0) return undefined;
      const drawn = pending.filter((one) => matches(one.fault, route)).find(isDue);
      if (drawn === undefined) return undefined;
      drawn.left--;
      pending = pending.filter((one) => one.left > 0);
      return drawn.fault;
    },
  };
}

function matches(fault: InjectedFault, route: Route): boolean {
  return fault.route === undefined ? route.counted : route.name.includes(fault.route);
}

/** Of several faults that match, each counts down its own `after`, and the first one that is due strikes. */
function isDue(one: Pending): boolean {
  if (one.toSkip === 0) return one.left > 0;
  one.toSkip--;
  return false;
}

function assertKnown(fault: InjectedFault, names: readonly string[]): void {
  if (fault.what !== 'vendor') return;
  if (fault.name !== undefined && names.includes(fault.name)) return;
  throw new Problem('usage', `this emulator has no fault "${fault.name}"`, {
    remedy: names.length === 0 ? 'It has no faults of its own.' : `Use one of: ${names.join(', ')}.`,
  });
}
