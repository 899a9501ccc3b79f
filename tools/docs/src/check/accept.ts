// Writes the digests of pages into the register, where it leaves everything else as it stands.
import { readFileSync, writeFileSync } from "node:fs";
import type { Checked, World } from "./check.js";
import { titleOf } from "./digest.js";
import { isMoved, meaningsIn } from "./moved.js";
import type { Edition, Register } from "./register.js";

/** What was accepted, one line each. */
export function accept(checks: Checked[], world: World, wanted: string | undefined): string[] {
  const said: string[] = [];
  for (const { match, digest, rest, page, file } of checks) {
    if (match.spec === null || match.how === "lost") continue;
    const { service, operationId } = match.spec;
    const register = world.registers.find((one) => one.service === service);
    const entry = register?.pages[operationId];
    if (!register || !entry) {
      said.push(`${file}: ${operationId} has no page in specs/${service}/docs.yaml`);
      continue;
    }
    entry.editions ??= {};
    const title = titleOf(page) ?? undefined;
    const found = meaningsIn(page);
    const meanings = Object.keys(found).length ? found : undefined;
    // Editions that were accepted when less was kept of them.
    for (const [name, known] of Object.entries(entry.editions)) {
      if (
        known.digest !== digest ||
        ((known.title ?? title) === known.title && (known.meanings ?? meanings) === known.meanings)
      )
        continue;
      write(
        register,
        operationId,
        name,
        Object.assign(known, { title: known.title ?? title, meanings: known.meanings ?? meanings }),
      );
    }
    // A name of the caller's own makes an edition even of known facts: its words may differ.
    const same = Object.entries(entry.editions).filter(([, one]) => one.digest === digest && !isMoved(page, one));
    if (wanted === undefined ? same.length > 0 : same.some(([name]) => name === wanted)) {
      const names = same.map(([name]) => name).join(", ");
      said.push(
        `${file}: ${operationId} ${names} has these facts already; --edition <name> accepts it under another name`,
      );
      continue;
    }
    const name = wanted ?? nameOf(page.prose[0]?.text ?? "", register, operationId);
    const dialect = page.dialect !== entry.dialect ? (page.dialect ?? undefined) : undefined;
    const edition: Edition = { digest, rest, title, meanings, dialect };
    entry.editions[name] = edition;
    write(register, operationId, name, edition);
    said.push(`${file}: accepted as ${operationId} ${name} (${digest})`);
  }
  return said;
}

/** The date the page carries, else the revision of the register if it is free, else a number behind it. */
function nameOf(head: string, register: Register, operationId: string): string {
  const page = register.pages[operationId];
  const date = /\b(\d{4}-\d\d-\d\d)\b/.exec(head)?.[1] ?? page?.revision ?? "first";
  for (let i = 1; ; i += 1) {
    const name = i === 1 ? date : `${date} (${i})`;
    if (!page?.editions?.[name]) return name;
  }
}

/** A line below the page's entry: comments and layout of the file are the author's. */
function write(register: Register, operationId: string, name: string, edition: Edition): void {
  const lines = readFileSync(register.file, "utf8").split("\n");
  const start = lines.indexOf(`  ${operationId}:`);
  if (start === -1) throw new Error(`${register.file} has no page ${operationId}`);
  let end = start + 1;
  while (end < lines.length && /^ {4}/.test(lines[end] ?? "")) end += 1;
  const below = lines.slice(start, end);
  const at = below.indexOf("    editions:");
  const line = `      ${JSON.stringify(name)}: { ${Object.entries(edition)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(", ")} }`;
  if (at === -1) lines.splice(end, 0, "    editions:", line);
  else {
    const known = below.findIndex((text) => text.startsWith(`      ${JSON.stringify(name)}:`));
    if (known !== -1) lines.splice(start + known, 1, line);
    else {
      let last = at + 1;
      while (last < below.length && /^ {6}/.test(below[last] ?? "")) last += 1;
      lines.splice(start + last, 0, line);
    }
  }
  writeFileSync(register.file, lines.join("\n"));
}
