import { expect, test } from "vitest";
import { loadBundle, SERVICES } from "../src/bundles.js";
import { casesOf } from "../src/cases.js";
import { compile, here, place } from "./compile.js";

test("types allow and refuse what the documents say", { timeout: 60_000 }, () => {
  expect(compile("pins", [`${here}test/types/pins.ts`])).toEqual({ status: 0, stdout: "" });
});

test.each(SERVICES)("every documented example of %s fits its types", { timeout: 60_000 }, (name) => {
  const lines = [`import type * as it from "@restorekit/${name}/operations";`];
  const cases = casesOf(name, loadBundle(name)).filter(({ ok, answer }) => ok && answer.body !== undefined);
  for (const [index, { operation, input, answer }] of cases.entries()) {
    const type = operation[0]?.toUpperCase() + operation.slice(1);
    const body = answer.body as Record<string, unknown>;
    const result = typeof body.Response === "object" ? body.Response : { ...body, ...answer.headers };
    lines.push(`export const input${index}: it.${type}Input = ${JSON.stringify(input)};`);
    lines.push(`export const result${index}: it.${type}Result = ${JSON.stringify(result)};`);
  }
  expect(cases.length).toBeGreaterThan(2);
  expect(compile(name, [place(`${name}.ts`, lines.join("\n"))])).toEqual({ status: 0, stdout: "" });
});
