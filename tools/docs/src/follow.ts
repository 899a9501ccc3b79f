// docs:follow: fetches the pages, and where facts have changed prepares what a person reviews.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rootFolder } from "./check/root.js";
import { command } from "./command.js";
import { follow } from "./follow/follow.js";
import { storeFolder } from "./follow/store.js";

const usage = `usage: docs:follow [--store DIR] [--out DIR] [--branch NAME] [--delay MS] [service…]
  --store DIR    where the pages are kept from run to run (node_modules/.cache/docs-pages)
  --out DIR      where pull-request.md goes (node_modules/.cache/docs-follow)
  --branch NAME  commit what changed to this branch
  --delay MS     pause between two requests to a host (2000)`;

async function main(): Promise<number> {
  const root = rootFolder();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      store: { type: "string", default: storeFolder(root) },
      out: { type: "string", default: join(root, "node_modules/.cache/docs-follow") },
      branch: { type: "string" },
      delay: { type: "string", default: "2000" },
      help: { type: "boolean" },
    },
  });
  const delay = Number(values.delay);
  if (values.help || !(delay >= 0)) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const { changed, news, troubles, changesets, committed } = await follow(
    {
      root,
      store: values.store,
      out: values.out,
      services: positionals,
      fetch: { delay },
      ...(values.branch === undefined ? {} : { branch: values.branch }),
    },
    (line) => console.log(line),
  );
  console.log(`${news.length} pages with news, ${troubles.length} not fetched, ${changesets.length} changesets`);
  const outputs = process.env.GITHUB_OUTPUT;
  if (outputs) appendFileSync(outputs, `changed=${changed}\ncommitted=${committed}\n`);
  return troubles.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

await command("docs:follow", usage, main);
