// `npm test`: every check, in the order in which a newcomer wants to hear about failures.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { generateAndBuild, prepare } from "./prepare.mjs";
import { node, root, step } from "./steps.mjs";
import { readReport, summary } from "./summary.mjs";

const inCi = process.env.CI === "true";
const MISSING = 3;
const report = join(root, "node_modules", ".cache", "vitest.json");
const shared = join(root, "..", "shared");
const started = Date.now();

await prepare();
await generateAndBuild(true);

const results = [];
const skipped = [];
const check = async (title, command, options) => results.push(await step(title, command, options));
const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}`);

await check("format and lint", ["biome", "check", "--error-on-warnings"]);
await check("lint the bundles", [
  "redocly",
  "lint",
  "--config=tools/codegen/redocly.yaml",
  "--format=summary",
  ...bundles(),
]);
await check("nothing unused", ["knip"]);
await needing("workflows and their scripts", [node(), "tools/workspace/workflows.mjs"]);
await check("types of the tests", ["tsc", "-p", "tools/workspace/tsconfig.tests.json"]);
await needing("packages as published", [node(), "tools/release/dist/check.js"]);
await check("reports of the packages", [node(), "tools/bump/dist/report.js", "--check"]);
// A report of an earlier run must not speak for one that crashes.
rmSync(report, { force: true });
const vitest = ["vitest", "run", "--config=tools/workspace/vitest.config.ts"];
await check("tests", [...vitest, "--reporter=default", "--reporter=json", `--outputFile=${report}`], { show: true });
await check("mutation check (sample)", [node(), "tools/contract/dist/mutate.js", "--sample", "60", "--seed", "1"]);
await check("registers of the pages", [node(), "tools/docs/dist/register.js", "--check"]);
await check("pages against specs", [
  node(),
  "tools/docs/dist/check.js",
  ...(existsSync(shared) ? [join(shared, "docs")] : []),
]);
await check("fuzz the transport (slice)", [
  node(),
  "tools/fuzz/dist/transport.js",
  "--schedules",
  "2000",
  "--seed",
  "1",
]);
await check("fuzz restores (slice)", [node(), "tools/fuzz/dist/restore.js", "--schedules", "1000", "--seed", "1"]);
if (existsSync(shared)) await check("wire vectors", [node(), "tools/vectors/dist/vectors.js", join(shared, "vectors")]);
else skipped.push("wire vectors: ../shared is not here; the published ones ran with the tests");
await needing("validate with openapi-generator", [node(), "tools/codegen/dist/second/main.js"]);

const seconds = (Date.now() - started) / 1000;
for (const line of summary(results, skipped, readReport(report), { root, seconds })) console.log(line);
process.exit(results.every((result) => result.passed) ? 0 : 1);

/** What needs Java or the network ends with 3 where it is missing: that is skipped, but never in CI. */
async function needing(title, command) {
  const result = await step(title, command, { allow: inCi ? [] : [MISSING] });
  results.push(result);
  if (result.code === MISSING && !inCi) skipped.push(`${title}: ${result.output.trim().split("\n").at(-1)}`);
}

function bundles() {
  return packages
    .map((folder) => join(folder, "src/generated/openapi.json"))
    .filter((file) => existsSync(join(root, file)));
}
