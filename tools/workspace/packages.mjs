// The packages as changesets would publish them: packed by pnpm, checked by publint and attw, then installed together in
// a project outside the workspace, where every export is imported. Exit code 3: the registry is not reachable.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lacksNetwork } from "./network.mjs";

const MISSING = 3;
const wrong = [];
const work = mkdtempSync(join(tmpdir(), "restorekit-packages-"));
try {
  const packed = process.argv.slice(2).flatMap((folder) => pack(folder) ?? []);
  for (const { name, file } of packed) {
    check(`${name}: publint`, ["publint", file, "--strict"]);
    check(`${name}: attw`, ["attw", file, "--profile", "esm-only", "--format", "ascii"]);
  }
  const skipped = wrong.length === 0 ? install(packed) : undefined;
  for (const line of wrong) console.log(line);
  if (skipped) console.log(skipped);
  process.exitCode = wrong.length > 0 ? 1 : skipped ? MISSING : 0;
} finally {
  rmSync(work, { recursive: true });
}

/** The packed manifest is what counts: pnpm writes real versions into it in place of `workspace:`. */
function pack(folder) {
  const name = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name;
  const out = join(work, name.replace("/", "-"));
  mkdirSync(out);
  const result = run(["pnpm", "pack", "--pack-destination", out], resolve(folder));
  const [file] = readdirSync(out);
  if (result.status !== 0 || !file) return fail(`${name}: does not pack`, result);
  run(["tar", "-xzf", file], out);
  const manifest = JSON.parse(readFileSync(join(out, "package", "package.json"), "utf8"));
  const unpublishable = JSON.stringify([manifest.dependencies, manifest.peerDependencies]).match(
    /"[^"]*":"(workspace|catalog):[^"]*"/,
  );
  if (unpublishable) wrong.push(`${name}: nobody outside the workspace can install ${unpublishable[0]}`);
  return { name, manifest, file: join(out, file) };
}

/** @returns why it was skipped, if it was */
function install(packed) {
  const project = join(work, "project");
  mkdirSync(project);
  const dependencies = {};
  // Optional peers stand behind exports of their own, which are imported too.
  for (const { manifest } of packed) Object.assign(dependencies, manifest.peerDependencies);
  for (const { name, file } of packed) dependencies[name] = `file:${file}`;
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const installed = run(["npm", "install", ...flags], project);
  if (installed.status !== 0) {
    if (lacksNetwork(installed.stderr))
      return "the packed packages were not installed: the npm registry is not reachable";
    return void fail("the packed packages do not install together", installed);
  }
  const specifiers = packed.flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports).map((key) => name + key.slice(1)),
  );
  const program = specifiers.map((specifier) => {
    const options = specifier.endsWith(".json") ? `, { with: { type: "json" } }` : "";
    return `await import(${JSON.stringify(specifier)}${options}).catch((error) => { process.exitCode = 1; console.log(${JSON.stringify(specifier)}, error); });`;
  });
  writeFileSync(join(project, "import.mjs"), program.join("\n"));
  const imported = run([process.execPath, "import.mjs"], project);
  if (imported.status !== 0) return void fail("an export cannot be imported", imported);
  console.log(`${packed.length} packages install together; ${specifiers.length} exports can be imported`);
}

function check(title, command) {
  const result = run(command, work);
  if (result.status !== 0) fail(title, result);
}

function run([program, ...args], cwd) {
  return spawnSync(program, args, { cwd, encoding: "utf8" });
}

function fail(title, { stdout, stderr, error }) {
  wrong.push(`${title}\n${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`);
}
