/** Bounds how many do something at a time; first come, first served. */
export interface Slots {
  /** Resolves with what gives the slot back; calling it again does nothing. */
  take(): Promise<() => void>;
}

export function slots(most: number): Slots {
  let free = most;
  const waiting: (() => void)[] = [];

  return {
    async take() {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const next = waiting.shift();
        if (next) next();
        else free++;
      };
    },
  };
}
