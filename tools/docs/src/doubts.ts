// Why a comparison of two pages could not be made, or only in part.
import { placeOf } from "./change.js";
import type { Page } from "./model.js";

/** Whether a page has lost the operation of the other: it is cut off, or another page. */
export const isCut = (page: Page, other: Page): boolean =>
  page.dialect === null || (!hasOperation(page) && hasOperation(other));

export const hasOperation = ({ operation }: Page): boolean => operation.path !== null || operation.action !== null;

/** A page that was not read in full may differ in what was not read. */
export function doubtsOf(which: string, page: Page, other: Page): string[] {
  if (page.dialect === null) return [`the ${which} page could not be read: ${page.issues[0]?.message ?? ""}`];
  const doubts: string[] = [];
  if (page.counts.notUnderstood)
    doubts.push(`${page.counts.notUnderstood} rows of the ${which} page were not understood`);
  if (page.outcomes.operation === "unread") doubts.push(`the URI of the ${which} page was not understood`);
  else if (!hasOperation(page) && hasOperation(other))
    doubts.push(`the ${which} page describes no operation: is it whole?`);
  const lost = Object.entries({ answers: "responses", samples: "examples", "error codes": "errorCodes" } as const)
    .filter(([, part]) => other[part].length > 0 && page[part].length === 0)
    .map(([name]) => name);
  if (lost.length > 1 && (hasOperation(page) || !hasOperation(other)))
    doubts.push(`the ${which} page has neither ${lost.join(" nor ")}, and the other has: is it whole?`);
  return doubts;
}

/** Columns whose header is not known, and was; and the fields that have lost a fact by it. */
export function unknownColumns(after: Page, before: Page): { doubts: string[]; places: Set<string> } {
  const columns = (page: Page) => page.issues.filter(({ code }) => code === "unexpected_columns");
  const known = new Set(columns(before).map(({ message }) => message));
  const unknown = columns(after).filter(({ message }) => !known.has(message));
  const tables = new Set(unknown.map(({ table }) => table));
  return {
    doubts: unknown.map(({ message, table }) => `table ${(table ?? 0) + 1} of the after page: ${message}`),
    places: new Set([
      ...after.parameters.filter(({ table }) => tables.has(table)).map(placeOf),
      ...after.structures.flatMap(({ name, fields }) =>
        fields.filter(({ table }) => tables.has(table)).map(({ path }) => `${name} ${path}`),
      ),
    ]),
  };
}
