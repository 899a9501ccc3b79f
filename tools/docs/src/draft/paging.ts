// x-pagination of an operation that answers in pages.
import type { Page, Parameter } from "../model.js";
import type { Data, Notes } from "./notes.js";
import { plainPath } from "./tree.js";

const sizes = /^(?:limit|page_?size|per_?page)$/i;
const offsets = /^(?:offset|start)$/i;
const pages = /^(?:page_?(?:no|num|number)?|current_?page)$/i;
const totals = /^total(?:_?(?:count|num|number|size|records?))?$|^\w*_num$|^count$/i;

/** Nothing where the page has no size and position, or where several lists could be the one that is paged. */
export function paging(page: Page, notes: Notes): Data {
  const inputs = page.parameters.filter(({ in: place }) => place === "query" || place === "body");
  const named = (pattern: RegExp): Parameter | undefined =>
    inputs.find(({ path, type }) => pattern.test(path) && type === "integer");
  const size = named(sizes);
  const offset = named(offsets);
  const position = offset ?? named(pages);
  const results = page.parameters.filter(({ in: place, status }) => place === "response" && (status ?? 200) < 300);
  const lists = results.filter(({ path, type }) => type === "array" && !path.includes("."));
  if (!size || !position || lists.length !== 1) return {};
  const total = results.find(({ path, type }) => totals.test(path) && type === "integer");
  const maximum = Number(size.range?.split("..")[1] || Number.NaN);
  const told = Number(position.default ?? position.range?.split("..")[0] ?? Number.NaN);
  const first = told === 0 || told === 1 ? told : offset ? 0 : 1;
  const result: Data = {
    style: offset ? "offset" : "page",
    position: position.path,
    size: size.path,
    ...(Number.isSafeInteger(maximum) && maximum > 0 ? { maximum } : {}),
    first,
    items: plainPath(lists[0] as Parameter),
    ...(total ? { total: total.path } : {}),
  };
  notes.at(
    result,
    "first",
    told === first
      ? `line ${position.line}: ${offset ? "does it count records, and not pages?" : "does it count pages?"}`
      : `line ${position.line}: the page does not say where it starts`,
  );
  return { "x-pagination": result };
}
