// bump:check [--base REF] [--json]: whether the changesets tell what changed since the base.
import { spawnSync } from "node:child_process";
import { command } from "@restorekit/command";
import { type Gate, judge, type Verdict } from "./gate/gate.js";
import { baseCommit, NoBase } from "./gate/git.js";
import { lines } from "./text.js";
import { build, GENERATE, publicPackages } from "./workspace.js";

const usage = `usage: bump:check [--base REF] [--json]
  --base REF  compare with where this branch left REF (origin/main, else main)
ends with 1 if a changeset is missing, says too little or breaks the release, 3 if something could not be compared`;

const MISSING = 3;

const options = { base: { type: "string" }, json: { type: "boolean" } } as const;
await command({ usage, options }, ({ base, json }) => {
  try {
    return check(process.cwd(), base, json === true);
  } catch (error) {
    if (!(error instanceof NoBase)) throw error;
    console.error(`bump:check: could not compare: ${error.message}`);
    return MISSING;
  }
});

function check(root: string, base: string | undefined, json: boolean): number {
  const commit = baseCommit(root, base);
  const stale = staleCode(root);
  if (stale !== "") {
    console.log(`the generated code does not follow from the specs: run pnpm generate\n${stale}`);
    return 1;
  }
  build(root, publicPackages(root));
  const gate = judge(root, commit, (line) => process.stderr.write(`${line}\n`));
  console.log(json ? JSON.stringify(gate, null, 2) : report(gate));
  if (gate.faults.length > 0 || gate.verdicts.some(({ passed }) => !passed)) return 1;
  return gate.missing.length > 0 ? MISSING : 0;
}

/** What the generator says where a bundle is not what its specs say; empty where all is well. */
function staleCode(root: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...GENERATE, "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  return status === 0 ? "" : `${stdout}${stderr}`.trim();
}

function report({ base, verdicts, faults, missing }: Gate): string {
  const said = verdicts.flatMap(tell);
  const failed = verdicts.filter(({ passed }) => !passed).length;
  return [
    ...said,
    ...faults.map((line) => `✗ ${line}`),
    ...missing.map((line) => `could not compare: ${line}`),
    verdicts.length === 0
      ? `no published package changed since ${base.slice(0, 10)}`
      : `${verdicts.length} packages changed since ${base.slice(0, 10)}: ${failed === 0 ? "the changesets say so" : `${failed} not as the changesets say`}`,
  ].join("\n");
}

function tell({ package: name, version, files, changes, required, declared, passed }: Verdict): string[] {
  const said = declared === "none" ? "there is no changeset" : `the changesets say ${declared}`;
  const head = `${passed ? "✓" : "✗"} ${name} ${version}: needs ${required}, ${said}`;
  if (passed) return [head];
  return [head, ...few(files.map((file) => `    ${file}`)), ...few(lines(changes).map((line) => `    ${line}`))];
}

function few(list: string[]): string[] {
  return list.length > 30 ? [...list.slice(0, 30), `    … and ${list.length - 30} more`] : list;
}
