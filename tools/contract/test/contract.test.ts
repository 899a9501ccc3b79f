import { describe, expect, test } from "vitest";
import { loadBundle, loadLedger, SERVICES } from "../src/bundles.js";
import { type Generated, packaged } from "../src/clients.js";
import { checkExamples } from "../src/examples.js";
import { compareLedger } from "../src/ledger.js";
import { checkTable } from "../src/table.js";
import { checkWire } from "../src/wire.js";

describe.each(SERVICES)("%s", async (name) => {
  const bundle = loadBundle(name);
  const ledger = loadLedger(name);
  const generated = (await import(`@restorekit/${name}`)) as Generated;

  test("every example validates", () => {
    const { examples, problems } = checkExamples(name, bundle);
    expect(problems).toEqual([]);
    expect(examples).toBeGreaterThan(5);
  });

  test("every documented exchange goes over the wire as documented", { timeout: 60_000 }, async () => {
    const { cases, problems } = await checkWire(name, bundle, packaged(name));
    expect(problems).toEqual([]);
    expect(cases).toBeGreaterThan(10);
  });

  test("spec and ledger agree in every fact", () => expect(compareLedger(bundle, ledger)).toEqual([]));
  test("the operations table is what the ledger documents", () => expect(checkTable(generated, ledger)).toEqual([]));
});
