/** One row of the rehearsal's table. */
export interface StepRow {
  step: string;
  ok: boolean;
  ms: number;
  /** What came of it, or why it failed. */
  what: string;
}

/** Runs one step; `what` says in few words what came of it. A step that fails throws on. */
export type Step = <T>(title: string, does: () => Promise<T>, what: (result: T) => string) => Promise<T>;

/** Runs steps one after the other and writes down what came of each. */
export function stepper(progress: (line: string) => void): { step: Step; rows: StepRow[] } {
  const rows: StepRow[] = [];
  const step: Step = async (title, does, what) => {
    progress(`▸ ${title}`);
    const started = performance.now();
    const done = (ok: boolean, text: string) => {
      const ms = Math.round(performance.now() - started);
      rows.push({ step: title, ok, ms, what: text });
      progress(`${ok ? "✓" : "✗"} ${title}  ${(ms / 1000).toFixed(1)} s  ${text}`);
    };
    try {
      const result = await does();
      done(true, what(result));
      return result;
    } catch (error) {
      done(false, (error as Error).message.split("\n", 1)[0] ?? "");
      throw error;
    }
  };
  return { step, rows };
}
