// A changeset for what changed on the pages of a service.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bump } from "../change.js";
import type { News } from "./news.js";
import { quoted } from "./report.js";

/** Gives the file's path below the root; null where nothing has to be released. */
export function writeChangeset(root: string, service: string, bump: Bump, news: readonly News[]): string | null {
  const changes = news.flatMap((one) => (one.kind === "changed" ? one.comparison.changes : []));
  if (bump === "none" || changes.length === 0) return null;
  const { name } = JSON.parse(readFileSync(join(root, "packages", service, "package.json"), "utf8")) as {
    name: string;
  };
  const lines = changes.map(
    ({ operation, place, fact, before, after }) =>
      `- ${operation}: ${fact} of ${quoted(place)}: ${quoted(before)} → ${quoted(after)}`,
  );
  const text = ["---", `"${name}": ${bump}`, "---", "", "The documentation has changed.", "", ...lines, ""].join("\n");
  // The same changes give the same file; others never overwrite it.
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const file = join(".changeset", `docs-${service}-${digest}.md`);
  mkdirSync(join(root, ".changeset"), { recursive: true });
  writeFileSync(join(root, file), text);
  return file;
}
