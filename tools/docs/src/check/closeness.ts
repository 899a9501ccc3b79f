// How much of what a page names a spec knows.
import type { Page } from "../model.js";
import type { SpecOperation } from "./spec.js";

export const last = (path: string): string => path.slice(path.lastIndexOf(".") + 1).replace(/\[\]$|\{\}$/g, "");

export interface Closeness {
  spec: SpecOperation;
  /** Of the names on the page, how many the spec has. */
  share: number;
  shared: number;
  /** Of the names of both, how many both have. */
  overlap: number;
  /** The same without what is inside of others, which a page may leave to another page. */
  topmost: number;
}

/** Names that tell nothing: nearly every operation has them. */
const common =
  /^(?:project_id|instance_id|x-auth-token|content-type|x-language|action|version|region|x-tc-\w+|requestid|error_code|error_msg|error_ext_msg)$/i;

/** Whether in the query or in the body depends on the method, which may be what has changed. */
const side = (place: string, path: string): string => `${place === "response" ? "response" : "request"} ${path}`;

/** Each is asked for once for every pair of page and spec. */
const ofPages = new WeakMap<Page, Set<string>>();
const ofSpecs = new WeakMap<SpecOperation, Set<string>>();

function namesOf(page: Page): Set<string> {
  const names =
    ofPages.get(page) ??
    new Set(
      page.parameters
        .filter(({ name }) => !common.test(name))
        .map(({ in: place, path }) => side(place, path.replace(/\.N$/, ""))),
    );
  ofPages.set(page, names);
  return names;
}

function namesIn(spec: SpecOperation): Set<string> {
  const names =
    ofSpecs.get(spec) ??
    new Set(spec.fields.filter(({ path }) => !common.test(last(path))).map(({ in: place, path }) => side(place, path)));
  ofSpecs.set(spec, names);
  return names;
}

export function closenessOf(page: Page, spec: SpecOperation): Closeness {
  const names = namesOf(page);
  const own = namesIn(spec);
  const shared = [...names].filter((name) => own.has(name)).length;
  const isTop = (name: string): boolean => !name.includes(".");
  const tops = [...names].filter((name) => isTop(name) && own.has(name)).length;
  const ofBoth = [...names].filter(isTop).length + [...own].filter(isTop).length - tops;
  return {
    spec,
    shared,
    topmost: tops / Math.max(1, ofBoth),
    share: names.size ? shared / names.size : 1,
    overlap: shared / Math.max(1, names.size + own.size - shared),
  };
}

export function closest(page: Page, specs: SpecOperation[]): Closeness | null {
  const all = specs.map((spec) => closenessOf(page, spec));
  return all.sort((a, b) => b.share - a.share || b.overlap - a.overlap)[0] ?? null;
}
