import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFolder, type SourceFile } from "@restorekit/codegen";
import { command, Misuse, wholeNumber } from "@restorekit/command";
import { parse, stringify } from "yaml";
import { SERVICES } from "./bundles.js";
import { judge } from "./judge.js";
import { type Json, type Mutation, mutationsOf } from "./mutations.js";

// Changes one fact of one spec at a time, generates from it and runs the contract: whatever passes was not proven.

const usage = `usage: mutate [--sample N] [--seed S] [--service <name>]…
  --sample N        tries only so many mutants, chosen by the seed
  --service <name>  of these only: ${SERVICES.join(", ")}`;
const options = {
  sample: { type: "string" },
  seed: { type: "string", default: "1" },
  service: { type: "string", multiple: true },
} as const;

const specs = fileURLToPath(new URL("../../../specs", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "restorekit-mutate-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

interface Mutant {
  service: string;
  source: SourceFile;
  mutation: Mutation;
}

await command({ usage, options }, async (values) => {
  const seed = wholeNumber("seed", values.seed, 1);
  const count = wholeNumber("sample", values.sample ?? "1", 1);
  const services = values.service ?? [...SERVICES];
  const unknown = services.find((name) => !(SERVICES as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Misuse(`--service: there is no ${unknown}`);

  const sources = new Map<string, SourceFile[]>();
  const mutants: Mutant[] = [];
  for (const service of new Set(services)) {
    const folder = await readFolder(specs, service);
    // A file that cannot be read would have no mutants, and nobody would miss them.
    const [unread] = folder.problems;
    if (unread) throw new Error(`${unread.file}: ${unread.message}`);
    sources.set(service, folder.sources);
    for (const source of folder.sources) {
      for (const mutation of mutationsOf(parse(source.text) as Json)) mutants.push({ service, source, mutation });
    }
  }
  for (const service of sources.keys()) {
    const { problems } = await judge(service, {
      sources: sources.get(service) ?? [],
      work,
      name: "unchanged",
    });
    if (problems.length > 0) throw new Error(`${service} does not pass unchanged: ${problems[0]}`);
  }

  const chosen = values.sample === undefined ? mutants : sample(mutants, count, seed);
  const killed = new Map<string, number>();
  const survivors: Mutant[] = [];
  const crashes: string[] = [];
  for (const [index, mutant] of chosen.entries()) {
    const changed = (sources.get(mutant.service) ?? []).map((source) =>
      source === mutant.source ? mutate(mutant) : source,
    );
    // What breaks the check was not noticed by it.
    const verdict = await judge(mutant.service, { sources: changed, work, name: String(index) }).catch(String);
    if (typeof verdict === "string") crashes.push(`crashed: ${told(mutant)}: ${verdict}`);
    else if (verdict.problems.length === 0) survivors.push(mutant);
    else killed.set(mutant.mutation.kind, (killed.get(mutant.mutation.kind) ?? 0) + 1);
    if ((index + 1) % 100 === 0)
      console.error(`${index + 1} of ${chosen.length} mutants, ${survivors.length} survived`);
  }
  for (const survivor of survivors) console.log(`survived: ${told(survivor)}`);
  for (const crash of crashes) console.log(crash);
  for (const [kind, count] of [...killed].sort()) console.log(`${kind}: ${count} killed`);
  console.log(
    `${chosen.length} of ${mutants.length} mutants tried, ${survivors.length} survived, ${crashes.length} crashed`,
  );
  return survivors.length + crashes.length > 0 ? 1 : 0;
});

function told({ source, mutation }: Mutant): string {
  return `${source.name}: ${mutation.place}: ${mutation.change}`;
}

function mutate({ source, mutation }: Mutant): SourceFile {
  const document = parse(source.text) as Json;
  mutation.apply(document);
  return { ...source, text: stringify(document) };
}

/** The same choice for the same seed. */
function sample<T>(all: T[], count: number, seed: number): T[] {
  let state = seed;
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  const pool = [...all];
  const picked: T[] = [];
  while (picked.length < count && pool.length > 0) picked.push(...pool.splice(Math.floor(random() * pool.length), 1));
  return picked;
}
