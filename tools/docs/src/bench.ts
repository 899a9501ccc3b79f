// bench:docs [folder…] [--pages N]: how long checks take and how much memory they need, in this one process.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { command, Misuse, wholeNumber } from "@restorekit/command";
import { checkPage, type World } from "./check/check.js";
import { filesOf } from "./check/files.js";
import { loadRegisters } from "./check/register.js";
import { rootFolder } from "./check/root.js";
import { loadSpecs } from "./check/spec.js";
import { readPage } from "./page.js";

const usage = "usage: bench:docs [folder…] [--pages N] [--json]";
const own = fileURLToPath(new URL("../test/pages", import.meta.url));

const options = {
  pages: { type: "string", default: "1000" },
  json: { type: "boolean" },
} as const;

await command({ usage, options, takes: [0] }, (values, positionals) => {
  const wanted = wholeNumber("pages", values.pages, 1);
  const files = filesOf(positionals.length > 0 ? positionals : [own]);
  if (files.length === 0) throw new Misuse("there is no page");
  const started = performance.now();
  const root = rootFolder();
  const world: World = { specs: loadSpecs(root), registers: loadRegisters(root) };
  const loaded = performance.now();
  const times: number[] = [];
  const before = process.cpuUsage();
  let read = 0;
  let bytes = 0;
  let findings = 0;
  for (let i = 0; i < wanted; i += 1) {
    const file = files[i % files.length] as string;
    const start = performance.now();
    // From disk each time, as a check of so many different pages would.
    const content = readFileSync(file);
    const page = readPage(file, content);
    read += performance.now() - start;
    findings += checkPage(page, content.toString("utf8"), world).findings.length;
    bytes += content.length;
    times.push(performance.now() - start);
  }
  const total = performance.now() - loaded;
  const used = process.cpuUsage(before);
  const sorted = [...times].sort((a, b) => a - b);
  const figures = {
    pages: wanted,
    files: files.length,
    megabytes: round(bytes / 1e6),
    findings,
    /** Specs and registers. */
    loadMs: round(loaded - started),
    totalMs: round(total),
    // The same on a busy machine as on an idle one.
    cpuMs: round((used.user + used.system) / 1000),
    readMs: round(read),
    firstPageMs: round(times[0] ?? 0),
    medianMs: round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    slowestMs: round(sorted.at(-1) ?? 0),
    // Of the process, Node and code included.
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  if (values.json) console.log(JSON.stringify(figures));
  else
    console.log(
      [
        `${figures.pages} pages (${figures.files} files, ${figures.megabytes} MB) checked in ${figures.totalMs} ms (${figures.cpuMs} ms of processor), of which ${figures.readMs} ms reading them; ${findings} findings`,
        `specs and registers loaded in ${figures.loadMs} ms`,
        `first page ${figures.firstPageMs} ms, median ${figures.medianMs} ms, slowest ${figures.slowestMs} ms`,
        `peak memory ${figures.peakMiB} MiB`,
      ].join("\n"),
    );
  return 0;
});

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
