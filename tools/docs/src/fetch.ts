// docs:fetch: brings the pages that the registers name, as far as they have changed.
import { command, Misuse, wholeNumber } from "@restorekit/command";
import { loadRegisters } from "./check/register.js";
import { rootFolder } from "./check/root.js";
import { fetchPages } from "./follow/fetch-pages.js";
import { Store, storeFolder } from "./follow/store.js";
import { targetsOf } from "./follow/targets.js";

const usage = `usage: docs:fetch [--store DIR] [--delay MS] [--timeout MS] [service…]
  --store DIR   where the pages go (node_modules/.cache/docs-pages)
  --delay MS    pause between two requests to a host (2000)
  --timeout MS  for one request (30000)`;

const options = {
  store: { type: "string" },
  delay: { type: "string", default: "2000" },
  timeout: { type: "string", default: "30000" },
} as const;

await command({ usage, options, takes: [0] }, async (values, positionals) => {
  const root = rootFolder();
  const delay = wholeNumber("delay", values.delay);
  const timeout = wholeNumber("timeout", values.timeout, 1);
  const targets = targetsOf(loadRegisters(root), positionals);
  if (targets.length === 0) throw new Misuse(`no register names a page of ${positionals.join(", ")}`);
  const results = await fetchPages(targets, new Store(values.store ?? storeFolder(root)), {
    delay,
    limits: { timeout },
    progress: (result) =>
      console.log(
        `${result.outcome.padEnd(9)} ${result.service} ${result.operation}${"why" in result ? `: ${result.why}` : ""}`,
      ),
  });
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  console.log(
    `${count("new")} new, ${count("unchanged")} unchanged, ${count("forbidden")} forbidden, ${count("failed")} failed`,
  );
  return count("failed") > 0 ? 1 : 0;
});
