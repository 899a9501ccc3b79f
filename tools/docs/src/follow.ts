// docs:follow: fetches the pages, and where facts have changed prepares what a person reviews.

import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { command, wholeNumber } from "@restorekit/command";
import { rootFolder } from "./check/root.js";
import { follow } from "./follow/follow.js";
import { storeFolder } from "./follow/store.js";

const usage = `usage: docs:follow [--store DIR] [--out DIR] [--branch NAME] [--delay MS] [service…]
  --store DIR    where the pages are kept from run to run (node_modules/.cache/docs-pages)
  --out DIR      where pull-request.md goes (node_modules/.cache/docs-follow)
  --branch NAME  commit what changed to this branch
  --delay MS     pause between two requests to a host (2000)`;

const options = {
  store: { type: "string" },
  out: { type: "string" },
  branch: { type: "string" },
  delay: { type: "string", default: "2000" },
} as const;

await command({ usage, options, takes: [0] }, async (values, positionals) => {
  const root = rootFolder();
  const delay = wholeNumber("delay", values.delay);
  const { store = storeFolder(root), out = join(root, "node_modules/.cache/docs-follow"), branch } = values;
  const { changed, news, troubles, changesets, committed } = await follow(
    {
      root,
      store,
      out,
      services: positionals,
      fetch: { delay },
      ...(branch === undefined ? {} : { branch }),
    },
    (line) => console.log(line),
  );
  console.log(`${news.length} pages with news, ${troubles.length} not fetched, ${changesets.length} changesets`);
  const outputs = process.env.GITHUB_OUTPUT;
  if (outputs) appendFileSync(outputs, `changed=${changed}\ncommitted=${committed}\n`);
  return troubles.some(({ outcome }) => outcome === "failed") ? 1 : 0;
});
