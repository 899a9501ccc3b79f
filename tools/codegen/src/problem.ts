/** One thing that is wrong with a specification, told in one line. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly place: string;
  readonly message: string;
  /** Later steps would trip over it, so they are not run. */
  readonly fatal: boolean;
}

export function describe(problem: Problem): string {
  const line = `${problem.file}:${problem.line}: ${problem.place}: ${problem.message}`;
  return line.replace(/\s+/g, " ");
}

/** All problems as lines, in the order of the files, each once. */
export function report(problems: readonly Problem[]): string[] {
  const sorted = [...problems].sort(
    (a, b) => order(a.file, b.file) || a.line - b.line || order(a.place, b.place) || order(a.message, b.message),
  );
  return [...new Set(sorted.map(describe))];
}

/** Ends a run; its lines are all the user sees. */
export class SpecError extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "SpecError";
    this.lines = lines;
  }
}

/** Sorts by code unit: the same everywhere, whatever the locale. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
