// docs:draft <page>: the page as a spec document, for a person to edit.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { draftPage } from "./draft/draft.js";
import { loadPage } from "./load.js";

const usage = `usage: docs:draft <page> [--url URL] [--structures PAGE] [--shared | --out DIR]
  --url URL          where a reader finds the page
  --structures PAGE  a page that describes the types this one refers to
  --shared           print the shared.yaml that goes with it instead
  --out DIR          write it into DIR, with a shared.yaml and a docs.yaml where there is none`;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: "string" },
      structures: { type: "string" },
      shared: { type: "boolean" },
      out: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const [source] = positionals;
  if (values.help || source === undefined || positionals.length !== 1) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const draft = draftPage(loadPage(source), {
    ...(values.url === undefined ? {} : { url: values.url }),
    structures: values.structures === undefined ? [] : loadPage(values.structures).structures,
  });
  if ("refused" in draft) {
    console.error(`${source}: ${draft.refused}`);
    return 1;
  }
  if (values.out === undefined) {
    process.stdout.write(values.shared ? draft.shared : draft.operation);
    return 0;
  }
  mkdirSync(values.out, { recursive: true });
  const file = join(values.out, draft.file);
  if (existsSync(file)) {
    // It may hold somebody's work.
    console.error(`docs:draft: ${file} is there already`);
    return 1;
  }
  writeFileSync(file, draft.operation);
  for (const [name, text] of Object.entries({ "shared.yaml": draft.shared, "docs.yaml": draft.register })) {
    const beside = join(values.out, name);
    if (!existsSync(beside)) writeFileSync(beside, text);
  }
  console.log(`${file}: ${draft.checks} places to check`);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`docs:draft: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
