// docs:witness: holds the specs against the models of the vendors' own SDKs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command, Misuse } from "@restorekit/command";
import { stringify } from "yaml";
import { compareCalls, compareVersions } from "./witness/compare.js";
import { fetchSdk, type Sdk, Unavailable } from "./witness/fetch-sdk.js";
import type { Call } from "./witness/model.js";
import { callsOfPython } from "./witness/python.js";
import { judge, readRegister } from "./witness/register.js";
import { type Bundle, callsOfSpec } from "./witness/spec.js";
import { callsOfTypeScript } from "./witness/typescript.js";

const usage = `usage: docs:witness [--version PACKAGE=VERSION]… [--json | --entries] [service…]
  --version  what changed in this version of an SDK against the pinned one, for the operations that have specs
  --json     differences as JSON
  --entries  unregistered differences as register entries, for a person to judge`;

const root = fileURLToPath(new URL("../../../", import.meta.url));
const registers = join(root, "tools/docs/witness");

const options = {
  version: { type: "string", multiple: true },
  json: { type: "boolean" },
  entries: { type: "boolean" },
  cache: { type: "string", default: join(root, "node_modules/.cache/witness") },
} as const;

await command({ usage, options, takes: [0] }, (values, positionals) => {
  const all = readdirSync(registers).map((name) => name.replace(/\.yaml$/, ""));
  const services = positionals.length > 0 ? positionals : all;
  const unknown = services.filter((service) => !all.includes(service));
  if (unknown.length > 0) throw new Misuse(`no register for ${unknown.join(", ")}`);
  try {
    return witness(services, values);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.error(`docs:witness: ${error.message}`);
    return 3;
  }
});

interface Options {
  readonly version?: string[] | undefined;
  readonly json?: boolean | undefined;
  readonly entries?: boolean | undefined;
  readonly cache: string;
}

function witness(services: readonly string[], values: Options): number {
  const versions = new Map((values.version ?? []).map((text) => text.split("=") as [string, string]));
  let findings = 0;
  for (const service of services) {
    const { sdk, differences: entries } = readRegister(join(registers, `${service}.yaml`));
    const bundle = JSON.parse(
      readFileSync(join(root, "packages", service, "src/generated/openapi.json"), "utf8"),
    ) as Bundle;
    const specs = callsOfSpec(bundle);
    const calls = read(sdk, values.cache);
    const other = versions.get(sdk.package);
    if (other !== undefined) {
      const { sha256: _, ...unpinned } = sdk;
      const lines = compareVersions(specs, calls, read({ ...unpinned, version: other }, values.cache));
      console.log(`${sdk.package} ${sdk.version} → ${other}: ${lines.length} changes`);
      for (const line of lines) console.log(`  ${line}`);
      findings += lines.length;
      continue;
    }
    if (versions.size > 0) continue;
    const { differences, operations, fields } = compareCalls(specs, calls);
    const { unregistered, stale } = judge(differences, entries);
    findings += unregistered.length + stale.length;
    if (values.json) console.log(JSON.stringify({ service, operations, fields, differences, unregistered, stale }));
    else if (values.entries) {
      const places = Object.fromEntries(unregistered.map(({ place, between }) => [place, between]));
      if (unregistered.length > 0)
        console.log(`# ${service}\n${stringify([{ id: "", right: "", why: "", places }], { lineWidth: 0 })}`);
    } else {
      console.log(
        `${service}: ${operations} of ${specs.size} operations and ${fields} fields held against ${sdk.package} ${sdk.version}; ${differences.length} differences, ${differences.length - unregistered.length} registered`,
      );
      for (const { place, between } of unregistered) console.log(`  not registered: ${place}: ${between}`);
      for (const line of stale) console.log(`  no longer so: ${line}`);
    }
  }
  return findings > 0 ? 1 : 0;
}

function read(sdk: Sdk, cache: string): Call[] {
  const folder = fetchSdk(sdk, cache);
  return sdk.kind === "npm" ? callsOfTypeScript(folder, sdk.folder.split("/").at(-2) ?? "") : callsOfPython(folder);
}
