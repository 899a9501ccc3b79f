import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { fileIntents } from "../src/file/index.js";
import { NAMES, PASSWORD, SERVICES, world } from "./world.js";

const FAULTS = ["dropAfter", "dropBefore", "errorAfter", "errorBefore", "throttle", "fail", "skew", "refuse"] as const;

test.each(NAMES)("%s: no secret in intents, audit, outcomes and errors", async (name) => {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-canary-"));
  const seen: unknown[] = [];
  const documents: string[] = [];
  for (const kind of [undefined, ...FAULTS]) {
    const place = join(folder, String(kind));
    const made = world({ intents: fileIntents(place), kit: { settleMs: 1000, lookMs: 500 } });
    if (kind === "skew") made.emulator.faults.next(SERVICES[name].submit, { kind, ms: 3_600_000 }, { service: name });
    else if (kind) made.emulator.faults.next(SERVICES[name].submit, { kind }, { service: name });
    const settled = await made.restore(name).then(
      async (outcome) => [outcome, outcome.outcome === "accepted" && (await made.wait(outcome))],
      (error: unknown) => [error],
    );
    seen.push(...settled, made.audit);
    for (const file of readdirSync(place).filter((entry) => entry.endsWith(".json"))) {
      const text = readFileSync(join(place, file), "utf8");
      documents.push(text);
      expect(text.length).toBeLessThan(2048);
    }
  }
  const refused = world();
  seen.push(await refused.restore(name, { password: `${PASSWORD}-wrong` }).catch((error: unknown) => error));
  seen.push(await refused.restore(name, { overwrite: "x" }).catch((error: unknown) => error));

  expect(documents).toHaveLength(FAULTS.length + 1);
  const { secretKey, sk, token } = refused.emulator.credentials;
  const text = [...documents, JSON.stringify(seen), inspect(seen, { depth: 20, showHidden: true })].join("\n");
  for (const secret of [PASSWORD, secretKey, sk, token]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(encodeURIComponent(secret));
    expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
  }
  rmSync(folder, { recursive: true });
});
