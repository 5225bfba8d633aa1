/** What has to be undone when a transaction that promised all or nothing fails. */
export interface Journal {
  /** Notes how to take back what was just done. */
  note(undo: () => void): void;
  /** Runs the work; when it throws, or has not succeeded, everything noted since is taken back. */
  attempt<T>(work: () => T, succeeded?: (result: T) => boolean): T;
}

export function createJournal(): Journal {
  let undos: (() => void)[] | undefined;
  const rollBack = (mark: number) => {
    while (undos !== undefined && undos.length > mark) undos.pop()?.();
  };
  return {
    note(undo) {
      undos?.push(undo);
    },
    attempt(work, succeeded = () => true) {
      const outermost = undos === undefined;
      undos ??= [];
      const mark = undos.length;
      try {
        const result = work();
        if (!succeeded(result)) rollBack(mark);
        return result;
      } catch (error) {
        rollBack(mark);
        throw error;
      } finally {
        if (outermost) undos = undefined;
      }
    },
  };
}
