// bump:witness <oasdiff> [--mutants N] [--seed N]: lets oasdiff judge the same changes, and shows where it says otherwise.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, wholeNumber } from "@restorekit/command";
import { mutationsOf } from "@restorekit/contract/dist/mutations.js";
import { worstOf } from "./change.js";
import { plantedBundle } from "./prove/plant.js";
import { plants } from "./prove/plants.js";
import { compareBundles } from "./spec/compare.js";
import type { Objekt } from "./spec/json.js";
import { publicPackages } from "./workspace.js";

const usage = "usage: bump:witness <oasdiff binary> [--mutants N] [--seed N]";

interface Case {
  readonly kind: string;
  readonly title: string;
  readonly before: Objekt;
  readonly after: Objekt;
}

const options = { mutants: { type: "string", default: "200" }, seed: { type: "string", default: "1" } } as const;
await command({ usage, options, takes: [1, 1] }, async (values, [program = ""]) => {
  const mutants = wholeNumber("mutants", values.mutants);
  const seed = wholeNumber("seed", values.seed);
  const cases = [...(await plantedCases()), ...mutantCases(mutants, seed)];
  const work = mkdtempSync(join(tmpdir(), "restorekit-witness-"));
  let agreed = 0;
  const others = new Map<string, string[]>();
  try {
    for (const [index, each] of cases.entries()) {
      if (index % 50 === 0) process.stderr.write(`${index} of ${cases.length} …\n`);
      const { changes } = compareBundles(each.before, each.after);
      const ours = worstOf(changes.map((change) => change.class)) ?? "nothing";
      const theirs = ask(program, work, each);
      const same = (ours === "breaking") === (theirs.verdict === "breaking");
      const worst = changes.filter((change) => change.class === ours).map(({ id }) => id);
      if (each.kind === "planted") console.log(`${same ? "=" : "≠"} ${each.title}: ${ours}, oasdiff ${theirs.verdict}`);
      if (same) agreed++;
      else {
        const key = `${ours} (${[...new Set(worst)].join(", ")}), oasdiff ${theirs.verdict} (${theirs.ids.join(", ") || "nothing"})`;
        others.set(key, [...(others.get(key) ?? []), `${each.kind}: ${each.title}`]);
      }
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  console.log(`${agreed} of ${cases.length} agree on what is breaking`);
  for (const [key, titles] of [...others].sort((a, b) => b[1].length - a[1].length))
    console.log(`${titles.length}× ${key}\n     such as ${titles[0]}`);
  return 0;
});

async function plantedCases(): Promise<Case[]> {
  const root = process.cwd();
  const cases: Case[] = [];
  for (const plant of plants) {
    const before = await plantedBundle(root, { ...plant, edits: [] });
    cases.push({ kind: "planted", title: plant.title, before, after: await plantedBundle(root, plant) });
  }
  return cases;
}

function mutantCases(count: number, seed: number): Case[] {
  const all = publicPackages(process.cwd()).flatMap(({ bundle }) => {
    if (bundle === undefined) return [];
    const before = JSON.parse(readFileSync(bundle, "utf8")) as Objekt;
    return mutationsOf(before as never).map((mutation) => ({ before, mutation }));
  });
  let state = seed;
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  const cases: Case[] = [];
  while (cases.length < count && all.length > 0) {
    const [{ before, mutation }] = all.splice(Math.floor(random() * all.length), 1) as [(typeof all)[number]];
    // A response that is renamed among the components leaves references that lead nowhere: no document to judge.
    if (mutation.place === "components" && mutation.kind === "status") continue;
    const after = structuredClone(before);
    mutation.apply(after as never);
    cases.push({ kind: mutation.kind, title: `${mutation.place}: ${mutation.change}`, before, after });
  }
  return cases;
}

function ask(program: string, work: string, { before, after }: Case): { verdict: string; ids: string[] } {
  const files = [join(work, "before.json"), join(work, "after.json")] as const;
  writeFileSync(files[0], JSON.stringify(before));
  writeFileSync(files[1], JSON.stringify(after));
  const { stdout, stderr, error } = spawnSync(program, ["changelog", ...files, "--format", "json"], {
    encoding: "utf8",
    maxBuffer: 2 ** 27,
  });
  if (error) throw error;
  if (stdout.trim() === "") throw new Error(`oasdiff says: ${stderr.trim()}`);
  const found =
    (JSON.parse(stdout) as { changes?: { id: string; level: number }[] } | { id: string; level: number }[] | null) ??
    [];
  const list = Array.isArray(found) ? found : (found.changes ?? []);
  const level = Math.max(0, ...list.map((one) => one.level));
  const verdict = level >= 2 ? "breaking" : level === 1 ? "harmless" : "nothing";
  return { verdict, ids: [...new Set(list.filter((one) => one.level === level).map(({ id }) => id))] };
}
