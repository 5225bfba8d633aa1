/** A line on stderr that rewrites itself, when someone is looking. */
export interface ProgressLine {
  show(done: number, all: number): void;
  done(): void;
}

export function progressLine(): ProgressLine {
  if (!process.stderr.isTTY) return { show: () => {}, done: () => {} };
  let shown = -1;
  return {
    show: (done, all) => {
      const percent = all > 0 ? Math.floor((done / all) * 100) : -1;
      if (percent === shown) return;
      shown = percent;
      process.stderr.write(`\r${percent} %`);
    },
    done: () => {
      process.stderr.write('\r\u001b[K');
    },
  };
}
