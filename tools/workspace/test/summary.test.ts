import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readReport, summary } from "../summary.mjs";

const about = { root: "/repo", seconds: 12.4 };
const passed = (title: string) => ({ title, code: 0, passed: true });
const failed = (title: string) => ({ title, code: 1, passed: false });
const report = (tests: [status: string, name: string][], counts: object) => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  ...counts,
  testResults: [
    {
      name: "/repo/tools/x/test/x.test.ts",
      assertionResults: tests.map(([status, title]) => ({ status, title, fullName: `group ${title}` })),
    },
  ],
});

test("failed checks are not counted as tests", () => {
  const tests = report([["failed", "one"]], { numPassedTests: 5, numFailedTests: 1 });
  expect(summary([passed("lint"), failed("knip"), failed("tests")], [], tests, about)).toEqual([
    "✗ knip (exit 1)",
    "✗ tests (exit 1)",
    "checks: 1 passed, 2 failed, in 12 s",
    "5 passed, 1 failed, 0 skipped",
  ]);
});

test("skipped tests say why, or at least where they are", () => {
  const tests = report(
    [
      ["passed", "fine"],
      ["skipped", "skipped: no corpus on this machine"],
      ["pending", "needs root"],
      ["pending", "needs root"],
      ["todo", "later"],
    ],
    { numPassedTests: 1, numPendingTests: 3, numTodoTests: 1 },
  );
  expect(summary([passed("tests")], ["openapi-generator: Java is missing"], tests, about)).toEqual([
    "- skipped: openapi-generator: Java is missing",
    "- skipped: tools/x/test/x.test.ts: no corpus on this machine",
    "- skipped: tools/x/test/x.test.ts: needs root (2 tests)",
    "- skipped: tools/x/test/x.test.ts: later",
    "checks: 1 passed, 0 failed, in 12 s",
    "1 passed, 0 failed, 4 skipped",
  ]);
});

test("a crashed vitest is one failed check, and nothing is counted", () => {
  const folder = mkdtempSync(join(tmpdir(), "summary-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "half.json"), '{"numPassedTests": 5');
  for (const file of ["half.json", "absent.json"]) {
    expect(summary([failed("tests")], [], readReport(join(folder, file)), about)).toEqual([
      "✗ tests (exit 1)",
      "✗ vitest ended without a report: its tests are not counted",
      "checks: 0 passed, 1 failed, in 12 s",
      "0 passed, 0 failed, 0 skipped",
    ]);
  }
});
