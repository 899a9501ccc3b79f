// docs:fetch: brings the pages that the registers name, as far as they have changed.
import { parseArgs } from "node:util";
import { loadRegisters } from "./check/register.js";
import { rootFolder } from "./check/root.js";
import { command } from "./command.js";
import { fetchPages } from "./follow/fetch-pages.js";
import { Store, storeFolder } from "./follow/store.js";
import { targetsOf } from "./follow/targets.js";

const usage = `usage: docs:fetch [--store DIR] [--delay MS] [--timeout MS] [service…]
  --store DIR   where the pages go (node_modules/.cache/docs-pages)
  --delay MS    pause between two requests to a host (2000)
  --timeout MS  for one request (30000)`;

async function main(): Promise<number> {
  const root = rootFolder();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      store: { type: "string", default: storeFolder(root) },
      delay: { type: "string", default: "2000" },
      timeout: { type: "string", default: "30000" },
      help: { type: "boolean" },
    },
  });
  const [delay, timeout] = [Number(values.delay), Number(values.timeout)];
  const targets = targetsOf(loadRegisters(root), positionals);
  if (values.help || !(delay >= 0) || !(timeout > 0) || targets.length === 0) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const results = await fetchPages(targets, new Store(values.store), {
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
}

await command("docs:fetch", usage, main);
