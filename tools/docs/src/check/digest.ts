// A page's facts in one canonical form, whatever the dialect, the order of tables or the wording.
import type { Page } from "../model.js";
import { hash } from "./finding.js";

export function digestOf(page: Page): string {
  return hash(JSON.stringify(factsOf(page)));
}

/** Of everything but the operation itself: by it a page is known again whose path or action has changed. */
export function restOf(page: Page): string {
  const { operation: _, ...rest } = factsOf(page);
  return hash(JSON.stringify(rest));
}

/** A title as an edition keeps it: the words are the vendor's. */
export function titleOf({ title }: Page): string | null {
  const plain = title.toLowerCase().replace(/\s+/g, " ").trim();
  return plain === "" ? null : hash(plain);
}

function factsOf(page: Page) {
  const { operation } = page;
  const ordered = <T>(list: T[]): T[] =>
    list
      .map((one) => JSON.stringify(one))
      .sort()
      .map((text) => JSON.parse(text));
  const field = (parameter: Omit<Page["parameters"][number], "in" | "status">) => [
    parameter.path,
    parameter.type ?? parameter.typeText,
    parameter.items,
    parameter.required,
    parameter.default,
    parameter.range,
    parameter.values ? [...parameter.values].sort() : null,
    // Only where there is one: the digests of all other pages stay what they were.
    ...(parameter.unit ? [`unit ${parameter.unit}`] : []),
    ...(parameter.zone ? [`zone ${parameter.zone}`] : []),
  ];
  return {
    operation: [operation.method, operation.path, operation.action, operation.version, operation.host],
    parameters: ordered(page.parameters.map((parameter) => [parameter.in, parameter.status, ...field(parameter)])),
    structures: ordered(page.structures.map((structure) => [structure.name, ...structure.fields.map(field)])),
    statuses: page.responses.map(({ status }) => status),
    errors: ordered(page.errorCodes.map(({ code, status }) => [code, status])),
    rate: page.rateLimit ? rateOf(page.rateLimit) : null,
    examples: page.examples.map(({ kind, status, method, url, body, parsed, raw }) => [
      kind,
      status,
      method,
      url,
      body === "json" ? parsed : raw.replace(/\s+/g, " ").trim(),
    ]),
  };
}

/** 60 a minute are one a second, as far as whole numbers can say it. */
function rateOf({ limit, per }: NonNullable<Page["rateLimit"]>): [number, string] {
  const seconds = { second: 1, minute: 60, hour: 3600 }[per];
  return limit % seconds === 0 ? [limit / seconds, "second"] : [limit, per];
}
