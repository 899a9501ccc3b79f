import { isDeepStrictEqual } from "node:util";
import type { Operation } from "@restorekit/core";
import type { Generated } from "./clients.js";
import type { Ledger } from "./ledger.js";

/** Holds the generated operations table against the ledger: what the transport acts on must be what is documented. */
export function checkTable(generated: Generated, { service, ...entries }: Ledger): string[] {
  const problems: string[] = [];
  const endpoints = generated.service.endpoints.map(({ url, site, regions = [] }): [string, string] => [
    [site, url].filter(Boolean).join(" "),
    regions.toSorted().join(" "),
  ]);
  if (!isDeepStrictEqual(Object.fromEntries(endpoints), service?.endpoints)) problems.push("the endpoints differ");
  for (const [id, entry] of Object.entries(entries)) {
    const operation = generated.operations[id];
    if (!operation) {
      problems.push(`${id} is missing`);
      continue;
    }
    const errors = Object.entries({ ...service?.errors, ...entry.errors });
    const [method, path, ...constants] = entry.call.split(" ");
    const inputs = Object.entries(entry.input ?? {});
    const outputs = Object.entries(entry.output ?? {});
    differ("method", operation.method, method);
    differ("path", operation.path.replace(/#.*/, ""), path);
    differ("effect", operation.effect, entry.effect);
    differ(
      "headers",
      Object.entries(operation.headers ?? {})
        .map((pair) => pair.join("="))
        .sort(),
      constants.sort(),
    );
    differ("inputs", placesOf(operation), sorted(inputs.map(([place]) => topOf(place))));
    const own = inputs.filter(([place]) => isTop(place));
    const fallbacks = own.flatMap(([place, text]) => {
      const option = / from (\w+)$/.exec(text)?.[1];
      return option === undefined ? [] : [[nameOf(topOf(place)), option]];
    });
    differ("client", operation.client ?? {}, Object.fromEntries(fallbacks));
    const needed = own.filter(([, text]) => /(^| )required( |$)/.test(text) && !/ from \w+$/.test(text));
    differ("required", sorted(operation.required ?? []), sorted(needed.map(([place]) => nameOf(topOf(place)))));
    const results = outputs.map(([place]) => place).filter((place) => /^2\d\d /.test(place));
    const bodies = results.filter((place) => !/^\d+ header /.test(place));
    // RequestId comes with errors, too.
    const names = bodies.map((place) => nameOf(topOf(place.replace(/^(\d+) Response(\.|$)/, "$1 "))));
    const written = operation.effect === "read" ? [] : names.filter((name) => !["", "RequestId"].includes(name));
    differ("result", sorted(operation.result ?? []), sorted(written));
    const headers = results.filter((place) => !bodies.includes(place)).map((place) => place.split(" ")[2] ?? "");
    differ("result headers", sorted(operation.resultHeaders ?? []), sorted(headers));
    const successes = entry.statuses.filter((status) => Number(status) < 300).toSorted();
    differ(
      "empty",
      operation.empty ?? [],
      successes.filter((status) => !bodies.some((place) => place.startsWith(`${status} `))),
    );
    differ("rate", rateOf(operation), entry.rate);
    differ("pages", pagesOf(operation), entry.pages);
    differ("task", operation.task, entry.task);
    differ("success", operation.success.toSorted(), successes);
    differ(
      "throttled",
      (operation.throttled ?? []).toSorted(),
      errors
        .filter(([, text]) => /throttled/.test(text))
        .map(([code]) => code)
        .sort(),
    );
    const secrets = [...inputs, ...outputs]
      .filter(([, text]) => text.split(" ").includes("secret"))
      .map(([place]) => lastName(place));
    differ("secrets", [...new Set(operation.secrets ?? [])].sort(), [...new Set(secrets)].sort());

    function differ(what: string, got: unknown, want: unknown) {
      if (!isDeepStrictEqual(got, want))
        problems.push(`${id} ${what}: table has ${JSON.stringify(got)}, ledger has ${JSON.stringify(want)}`);
    }
  }
  return problems;
}

const sorted = (names: readonly string[]) => [...new Set(names)].sort();
const nameOf = (place: string) => place.split(" ")[1] ?? "";
/** `body source(1).type` is in `body source`, `body Status[]` in `body Status`. */
const topOf = (place: string) => place.replace(/^(\w+ [^.[{(]*).*$/, "$1");
const isTop = (place: string) => /^\w+ [^.({[]+(\[\]|\{\})?$/.test(place);

function placesOf({ input }: Operation) {
  return sorted(Object.entries(input).flatMap(([where, names]) => names.map((name) => `${where} ${name}`)));
}

const lastName = (place: string) =>
  place
    .split(/[ .]/)
    .at(-1)
    ?.replace(/\[\]|\{\}/g, "") ?? "";

function rateOf({ rateLimit: rate }: Operation) {
  return rate && `${rate.requests} in ${rate.seconds} s per ${rate.per}`;
}

function pagesOf({ pagination: pages }: Operation) {
  if (!pages) return undefined;
  const { style, position, size, first, maximum, items, total } = pages;
  return [
    style,
    position,
    size,
    "from",
    first,
    ...(maximum ? ["max", maximum] : []),
    "items",
    items,
    ...(total ? ["total", total] : []),
  ].join(" ");
}
