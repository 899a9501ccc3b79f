/** One row of the rehearsal's table. */
export interface StepRow {
  step: string;
  ok: boolean;
  ms: number;
  /** What came of it, or why it failed. */
  what: string;
}

export type Step = (title: string, does: () => Promise<string>) => Promise<void>;

/** Runs steps one after the other and writes down what came of each. A step that fails throws on. */
export function stepper(progress: (line: string) => void): { step: Step; rows: StepRow[] } {
  const rows: StepRow[] = [];
  const step: Step = async (title, does) => {
    progress(`▸ ${title}`);
    const started = performance.now();
    const done = (ok: boolean, what: string) => {
      const ms = Math.round(performance.now() - started);
      rows.push({ step: title, ok, ms, what });
      progress(`${ok ? "✓" : "✗"} ${title}  ${(ms / 1000).toFixed(1)} s  ${what}`);
    };
    try {
      done(true, await does());
    } catch (error) {
      done(false, (error as Error).message.split("\n", 1)[0] ?? "");
      throw error;
    }
  };
  return { step, rows };
}
