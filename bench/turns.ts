/** How long turns of the event loop take, in CPU of its thread: what the machine does meanwhile does not count. */
export interface Turns {
  /** The longest turn since the last call, ms. */
  longest(): number;
  stop(): void;
}

export function watchTurns(): Turns {
  let longest = 0;
  let isOver = false;
  let before = process.threadCpuUsage();
  const turn = () => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1_000);
    before = process.threadCpuUsage();
    if (!isOver) setImmediate(turn);
  };
  turn();
  return {
    longest: () => {
      const found = longest;
      longest = 0;
      return found;
    },
    stop: () => {
      isOver = true;
    },
  };
}
