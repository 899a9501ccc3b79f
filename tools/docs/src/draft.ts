// docs:draft <page>: the page as a spec document, for a person to edit.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "@restorekit/command";
import { draftPage } from "./draft/draft.js";
import { withPage } from "./draft/page-entry.js";
import { readSisters } from "./draft/sisters.js";
import { loadPage } from "./load.js";

const usage = `usage: docs:draft <page> [--url URL] [--structures PAGE] [--shared | --out DIR]
  --url URL          where a reader finds the page
  --structures PAGE  a page that describes the types this one refers to
  --shared           print the shared.yaml that goes with it instead
  --out DIR          write it into DIR, with its page in docs.yaml, and a shared.yaml where there is none; what the
                     specs in DIR say of error codes and names is taken over`;

const options = {
  url: { type: "string" },
  structures: { type: "string" },
  shared: { type: "boolean" },
  out: { type: "string" },
} as const;

await command({ usage, options, takes: [1, 1] }, (values, positionals) => {
  const [source = ""] = positionals;
  const draft = draftPage(loadPage(source), {
    ...(values.url === undefined ? {} : { url: values.url }),
    structures: values.structures === undefined ? [] : loadPage(values.structures).structures,
    ...(values.out !== undefined && existsSync(values.out) ? { sisters: readSisters(values.out) } : {}),
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
  const shared = join(values.out, "shared.yaml");
  if (!existsSync(shared)) writeFileSync(shared, draft.shared);
  const register = join(values.out, "docs.yaml");
  writeFileSync(
    register,
    existsSync(register) ? withPage(readFileSync(register, "utf8"), draft.operationId, draft.register) : draft.register,
  );
  console.log(`${file}: ${draft.checks} places to check`);
  return 0;
});
