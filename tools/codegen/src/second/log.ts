import { explained } from "./explained.js";

/** What the engine says beside its progress and that nobody has explained, each once. */
export function unexplained(output: string): string[] {
  const lines = output.split("\n").filter((line) => !/^\[[^\]]*\] (INFO|DEBUG) |^#|^\s*$/.test(line));
  return [...new Set(lines.filter((line) => !explained.some(({ pattern }) => pattern.test(line))))];
}

/** What `validate` complains about. */
export function issues(output: string): string[] {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("Validating spec"));
}
