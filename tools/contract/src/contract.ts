import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFolder } from "@restorekit/codegen";
import { command, Misuse } from "@restorekit/command";
import { type Bundle, operationsOf } from "./bundle.js";
import { SERVICES } from "./bundles.js";
import { judge } from "./judge.js";

// Holds specs against the ledger, their examples and the wire, without a build in between that could be old; and says
// what else an operation needs before it is whole.

const USAGE = `usage: contract [service…]
  services: ${SERVICES.join(", ")}; all of them if left out`;

const root = fileURLToPath(new URL("../../../", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "restorekit-contract-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

await command({ usage: USAGE, takes: [0, SERVICES.length] }, async (_, names) => {
  const unknown = names.find((name) => !(SERVICES as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Misuse(`there is no service ${unknown}`);
  const services = names.length > 0 ? names : SERVICES;
  let problems = 0;
  for (const service of services) problems += await hold(service);
  return problems > 0 ? 1 : 0;
});

async function hold(service: string) {
  const { sources, problems: found } = await readFolder(join(root, "specs"), service);
  const { problems, files } = await judge(service, { sources, found, work, name: "now" });
  const bundle = files.has("openapi.json") ? (JSON.parse(files.get("openapi.json") ?? "") as Bundle) : undefined;
  const all = problems.flatMap((problem) => explained(service, problem));
  if (bundle) all.push(...unwritten(service, files), ...unlisted(service, bundle));
  for (const line of all) console.log(line);
  if (all.length === 0)
    console.log(`${service}: ${operationsOf(bundle as Bundle).length} operations keep the contract`);
  return all.length;
}

/** What to do about an operation that one side lacks: everything else says so itself. */
function explained(service: string, problem: string): string[] {
  if (problem.endsWith(": only in the spec")) {
    const ledger = `tools/contract/ledger/${service}.yaml`;
    return [`${service} ${problem}`, `  do: transcribe its page into ${ledger}, without looking at the spec`];
  }
  return [`${service} ${problem}`];
}

/** Generated files that are not what the specs say. */
function unwritten(service: string, files: ReadonlyMap<string, string>): string[] {
  const folder = join("packages", service, "src/generated");
  const old = [...files].filter(([name, text]) => {
    const file = join(root, folder, name);
    return !existsSync(file) || readFileSync(file, "utf8") !== text;
  });
  const names = old.map(([name]) => name).join(", ");
  return names ? [`${folder} is not what the specs say: ${names}\n  do: pnpm generate`] : [];
}

/** Operations that the package's README does not list. */
function unlisted(service: string, bundle: Bundle): string[] {
  const file = join("packages", service, "README.md");
  const text = readFileSync(join(root, file), "utf8");
  return operationsOf(bundle).flatMap(({ operation }) => {
    const { operationId: id, summary, externalDocs, "x-effect": effect } = operation;
    if (text.includes(`| \`${id}\` |`)) return [];
    const row = `| \`${id}\` | ${summary} | ${effect} | [docs](${externalDocs.url}) |`;
    return [`${file} does not list ${id}\n  do: add ${row}`];
  });
}
