// docs:read <page> [--json]: what a documentation page says, and what could not be read.
import { command } from "@restorekit/command";
import { loadPage } from "./load.js";
import type { Page } from "./model.js";

const usage = "usage: docs:read <page> [--json]";

const options = { json: { type: "boolean" } } as const;

await command({ usage, options, takes: [1, 1] }, (values, positionals) => {
  const [file = ""] = positionals;
  const page = loadPage(file);
  console.log(values.json ? JSON.stringify(page, null, 2) : summary(page));
  return page.dialect === null ? 1 : 0;
});

function summary(page: Page): string {
  const { operation, counts } = page;
  const lines = [
    `${page.title || page.file} (${page.dialect ?? "unreadable"})`,
    `  ${operation.action ?? `${operation.method ?? "?"} ${operation.path ?? "?"}`}${operation.host ? ` at ${operation.host}` : ""}`,
    `  ${counts.tables} tables, ${counts.rows} rows: ${counts.interpreted} interpreted, ${counts.skipped} skipped, ${counts.notUnderstood} not understood`,
  ];
  for (const [reason, rows] of Object.entries(counts.reasons)) lines.push(`    ${rows} rows: ${reason}`);
  for (const parameter of page.parameters) {
    const place = parameter.in === "response" ? `response ${parameter.status ?? "?"}` : parameter.in;
    const required = parameter.required === null ? "" : parameter.required ? ", required" : ", optional";
    lines.push(`  ${place.padEnd(12)} ${parameter.path}: ${parameter.typeText ?? "?"}${required}`);
  }
  lines.push(
    `  ${page.responses.length} answers, ${page.examples.length} examples, ${page.errorCodes.length} error codes`,
  );
  for (const issue of page.issues)
    lines.push(`${page.file}:${issue.line}: ${issue.code}: ${issue.message}${issue.quote ? ` [${issue.quote}]` : ""}`);
  return lines.join("\n");
}
