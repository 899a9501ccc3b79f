import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

/** What vitest's JSON reporter wrote; undefined where it crashed before it could. */
export function readReport(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * The lines at the end of `npm test`. Checks and tests are counted apart: a check is one command, and the tests are one
 * of them.
 * @param {{ title: string, code: number, passed: boolean }[]} checks
 * @param {string[]} skipped reasons of checks that were skipped
 * @param {object | undefined} report
 * @param {{ root: string, seconds: number }} about
 */
export function summary(checks, skipped, report, { root, seconds }) {
  const failed = checks.filter((check) => !check.passed);
  const tests = report ?? { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  return [
    ...[...skipped, ...skippedTests(report, root)].map((reason) => `- skipped: ${reason}`),
    ...failed.map(({ title, code }) => `✗ ${title} (exit ${code})`),
    ...(report === undefined ? ["✗ vitest ended without a report: its tests are not counted"] : []),
    `checks: ${checks.length - failed.length} passed, ${failed.length} failed, in ${Math.round(seconds)} s`,
    `${tests.numPassedTests} passed, ${tests.numFailedTests} failed, ${tests.numPendingTests + (tests.numTodoTests ?? 0)} skipped`,
  ];
}

/** A skipped test says why in its name ("skipped: no corpus on this machine"); one that does not is named. */
function skippedTests(report, root) {
  const reasons = new Map();
  for (const { name, assertionResults = [] } of report?.testResults ?? []) {
    const file = relative(root, name);
    for (const { status, title, fullName } of assertionResults) {
      if (!["pending", "skipped", "todo", "disabled"].includes(status)) continue;
      const said = /\bskipped:\s*(.+)$/.exec(fullName)?.[1] ?? /\bskipped\b/i.exec(title)?.input ?? title;
      const reason = `${file}: ${said}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  return [...reasons].map(([reason, times]) => (times === 1 ? reason : `${reason} (${times} tests)`));
}
