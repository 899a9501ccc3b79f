// `npm test`: every check, in the order in which a newcomer wants to hear about failures.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generateAndBuild, prepare } from "./prepare.mjs";
import { node, root, step } from "./steps.mjs";

const inCi = process.env.CI === "true";
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
await check("packages are well-formed", [node(), "tools/workspace/packages.mjs", ...packages]);
await check(
  "tests",
  ["vitest", "run", "--reporter=default", "--reporter=json", "--outputFile=node_modules/.cache/vitest.json"],
  {
    show: true,
  },
);
await check("mutation check (sample)", [node(), "tools/contract/dist/mutate.js", "--sample", "60", "--seed", "1"]);
if (existsSync(shared)) await check("wire vectors", [node(), "tools/vectors/dist/vectors.js", join(shared, "vectors")]);
else skipped.push("wire vectors: ../shared is not here; the published ones ran with the tests");
await second();

const failed = results.filter((result) => !result.passed);
for (const reason of skipped) console.log(`- skipped: ${reason}`);
for (const { title, code } of failed) console.log(`✗ ${title} (exit ${code})`);
console.log(
  `${results.length - failed.length} of ${results.length} checks in ${((Date.now() - started) / 1000).toFixed(0)} s`,
);
const tests = JSON.parse(readFileSync(join(root, "node_modules/.cache/vitest.json"), "utf8"));
console.log(
  `${tests.numPassedTests} passed, ${tests.numFailedTests + failed.length} failed, ${tests.numPendingTests} skipped`,
);
process.exit(failed.length > 0 ? 1 : 0);

/** The second parser needs Java and, once, the network: without them it is skipped, but never in CI. */
async function second() {
  const MISSING = 3;
  const result = await step("validate with openapi-generator", [node(), "tools/codegen/dist/second/main.js"], {
    allow: inCi ? [] : [MISSING],
  });
  results.push(result);
  if (result.code === MISSING) skipped.push(`openapi-generator: ${result.output.trim()}`);
}

function bundles() {
  return packages
    .map((folder) => join(folder, "src/generated/openapi.json"))
    .filter((file) => existsSync(join(root, file)));
}
