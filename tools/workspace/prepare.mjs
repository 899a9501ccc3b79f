import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lacksNetwork } from "./network.mjs";
import { node, root, step } from "./steps.mjs";

const PNPM = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devEngines.packageManager.version;
const stamp = join(root, "node_modules", ".restorekit-installed");

/** Installs, generates and builds; each only as far as something changed. Ends the process when one fails. */
export async function prepare() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) end(`restorekit needs Node 20 or newer to start; this is ${process.version}.`);
  const wanted = fingerprint();
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    // npx fetches pnpm itself: a version that pnpm provisions for itself proved unreliable.
    const command = ["npx", "-y", `pnpm@${PNPM}`, "install", "--frozen-lockfile"];
    need(await step("install", command, { explain: explainNetwork }));
    writeFileSync(stamp, wanted);
  }
  if (node() === process.execPath && major < 22) {
    end(
      `The tools need Node 22 or newer. There is no packaged Node 24 for ${process.platform}-${process.arch}: install one and try again.`,
    );
  }
  need(await step("build the code generator", ["turbo", "run", "build", "--filter=@restorekit/codegen"]));
  return step;
}

export async function generateAndBuild(check) {
  need(
    await step(check ? "generated code is current" : "generate", [
      node(),
      "tools/codegen/dist/generate.js",
      "specs",
      "--out",
      "packages/{service}/src/generated",
      ...(check ? ["--check"] : []),
    ]),
  );
  need(await step("build", ["turbo", "run", "build"]));
}

function explainNetwork(output) {
  if (!lacksNetwork(output)) return undefined;
  return "There is no network: the npm registry is not reachable, and the first run needs it to install pnpm and the packages. What npm said:";
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"])
    hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function need(result) {
  if (!result.passed) end(`\n${result.title} failed (exit ${result.code}); nothing after it was run.`);
}

function end(message) {
  console.error(message);
  process.exit(1);
}
