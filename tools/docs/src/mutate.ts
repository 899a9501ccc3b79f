// docs:mutate <page or folder…> [--count N] [--seed S] [--json]: what share of single changes docs:check notices.
import { command, wholeNumber } from "@restorekit/command";
import { filesOf } from "./check/files.js";
import { loadRegisters } from "./check/register.js";
import { rootFolder } from "./check/root.js";
import { loadSpecs } from "./check/spec.js";
import { kinds } from "./mutate/mutations.js";
import { type MutationReport, mutate, type Outcome } from "./mutate/run.js";

const usage = "usage: docs:mutate <page or folder…> [--count <n>] [--seed <s>] [--json]";
const wanted = 0.99;

const options = {
  count: { type: "string", default: "1000" },
  seed: { type: "string", default: "1" },
  json: { type: "boolean" },
} as const;

await command({ usage, options, takes: [1] }, (values, positionals) => {
  const count = wholeNumber("count", values.count, 1);
  const seed = wholeNumber("seed", values.seed);
  const root = rootFolder();
  const world = { specs: loadSpecs(root), registers: loadRegisters(root) };
  let told = performance.now();
  const report = mutate(filesOf(positionals), world, count, seed, (done, all) => {
    if (performance.now() - told < 2000) return;
    told = performance.now();
    console.error(`${done} of ${all} changes …`);
  });
  console.log(values.json ? JSON.stringify(report, null, 2) : text(report));
  const { made, noticed } = report.all;
  return made > 0 && noticed / made >= wanted && !report.falseAlarms.length ? 0 : 1;
});

function text({ pages, withoutSpec, falseAlarms, possible, all, byKind, missed }: MutationReport): string {
  const line = (name: string, { made, noticed, digestOnly }: Outcome): string =>
    `${name.padEnd(16)} ${String(made).padStart(5)} made, ${String(noticed).padStart(5)} noticed (${made ? ((100 * noticed) / made).toFixed(2) : "-"} %), ${digestOnly} by the digest alone, ${made - noticed - digestOnly} missed`;
  return [
    ...missed.map(
      ({ file, line: at, kind, what, digest }) =>
        `${file}:${at}: ${digest ? "by the digest alone" : "missed"}: ${kind}: ${what}`,
    ),
    ...falseAlarms.map((file) => `${file}: unchanged, and the check complains`),
    ...kinds.map((kind) => line(kind, byKind[kind])),
    line("all", all),
    `${pages} pages, ${withoutSpec} without a spec; ${possible} changes possible; ${falseAlarms.length} false alarms`,
  ].join("\n");
}
