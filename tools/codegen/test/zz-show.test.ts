import { writeFileSync } from "node:fs";
import { test } from "vitest";
import { badInput } from "./bad-input.js";
import { createBench } from "./bench.js";
test("show", async () => {
  const all: unknown[] = [];
  for (const [group, cases] of Object.entries(badInput)) for (const c of cases) {
    const bench = createBench();
    let r: unknown;
    try { if (c.find === undefined) bench.write(c.file, c.write); else bench.edit(c.file, c.find, c.write);
    r = await bench.run(); } catch (e) { r = { code: -1, lines: [String((e as Error).stack)] }; }
    all.push({ group, name: c.name, file: c.file, was: c.want, ...(r as object) });
  }
  writeFileSync("/tmp/show.json", JSON.stringify(all, undefined, 1));
}, 120000);
