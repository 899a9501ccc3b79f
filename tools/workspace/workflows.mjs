// Holds the workflows against what is known to go wrong with workflows (zizmor), and their scripts against what is known
// to go wrong with scripts (shellcheck). Both are programs that pip brings, pinned by digest. Exit code 3: pip or its
// registry is missing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "./steps.mjs";

const MISSING = 3;
const pins = join(root, "tools/workspace/workflows.txt");
const cache = join(root, "node_modules/.cache");
const tools = join(cache, `workflows-${createHash("sha256").update(readFileSync(pins)).digest("hex").slice(0, 12)}`);
const folder = ".github/workflows";

if (!existsSync(tools)) install();
const wrong = [zizmor(), ...scripts().map(shellcheck)].filter(Boolean);
for (const text of wrong) console.log(text);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** Moved into place when it is whole. */
function install() {
  mkdirSync(cache, { recursive: true });
  const half = mkdtempSync(`${tools}-`);
  const flags = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--disable-pip-version-check"];
  const { status, stderr, error } = run("python3", ["-m", "pip", "install", ...flags, "--target", half, "-r", pins]);
  if (status === 0) return renameSync(half, tools);
  rmSync(half, { recursive: true });
  console.log(`zizmor and shellcheck could not be installed with pip:\n${error?.message ?? stderr}`);
  process.exit(MISSING);
}

function zizmor() {
  const { status, stdout, stderr, error } = run(join(tools, "bin/zizmor"), [
    "--offline",
    "--pedantic",
    "--quiet",
    folder,
  ]);
  return status === 0 ? undefined : `${stdout}${stderr}${error?.message ?? ""}`;
}

/** Every script of every workflow, and that of CI. */
function scripts() {
  const steps = readdirSync(join(root, folder)).flatMap((name) =>
    Object.entries(parse(readFileSync(join(root, folder, name), "utf8")).jobs).flatMap(([job, { steps }]) =>
      steps
        .filter(({ run }) => run)
        .map((step) => ({ place: `${name} ${job} «${step.name}»`, text: `set -e # as GitHub runs it\n${step.run}` })),
    ),
  );
  return [...steps, { place: ".ci/run", text: readFileSync(join(root, ".ci/run"), "utf8") }];
}

function shellcheck({ place, text }) {
  const flags = ["--shell=bash", "--severity=style", "--format=gcc", "-"];
  const { status, stdout, stderr, error } = run(join(tools, "bin/shellcheck"), flags, text);
  return status === 0 ? undefined : `${place}\n${stdout}${stderr}${error?.message ?? ""}`;
}

function run(program, args, input) {
  return spawnSync(program, args, { cwd: root, encoding: "utf8", input });
}
