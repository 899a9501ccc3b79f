// What a bundle says of the whole service: hosts and regions, credentials, envelope, version.
import { isObject, type Json, listOf, type Objekt, objectOf, own, same } from "./json.js";
import { isWrite, operationsOf } from "./located.js";
import { compareErrors } from "./vocabulary.js";
import { always, byKey, byName, compareSets, promise, type Rule, type Spot, type Walk, whole } from "./walk.js";

const spot: Spot = { operation: null, place: "service" };

export function compareService(walk: Walk): void {
  const { document: from } = walk.before;
  const { document: to } = walk.after;
  byKey(walk, from, to, spot, {
    "x-generated": whole(walk, "generated-mark-changed", always("wording-only")),
    info: (a, b) =>
      byKey(walk, objectOf(a), objectOf(b), spot, {
        version: whole(walk, "service-version-changed", always("breaking")),
        license: whole(walk, "license-changed", always("wording-only")),
        contact: whole(walk, "contact-changed", always("wording-only")),
      }),
    servers: (a, b) => compareServers(walk, a, b),
    security: (a, b) => compareSecurity(walk, a, b, spot),
    "x-envelope": whole(walk, "envelope-changed", always("breaking")),
    "x-errors": (a, b) =>
      compareErrors(
        walk,
        a,
        b,
        spot,
        operationsOf(to).some(({ operation }) => isWrite(operation)),
      ),
    paths: () => comparePathItems(walk, objectOf(from.paths), objectOf(to.paths)),
    components: () => compareComponents(walk),
  });
}

/** Operations and their parameters are compared by themselves; a path may hold more. */
function comparePathItems(walk: Walk, from: Objekt, to: Objekt): void {
  const done: Rule = () => {};
  const known = ["get", "put", "post", "delete", "patch", "head", "options", "trace", "parameters"];
  const rules = Object.fromEntries(known.map((key) => [key, done]));
  byName(from, to, (path, old, now) => {
    const here = { ...spot, place: `path ${path}` };
    byKey(walk, objectOf(old), objectOf(now), here, rules);
    const empty = (item: Json | undefined) => item !== undefined && Object.keys(objectOf(item)).length === 0;
    if (empty(old) !== empty(now)) walk.say("empty-path-changed", here, old, now, "wording-only");
  });
}

/** Servers are known by site and URL; those left over of one site had their URL changed. */
function compareServers(walk: Walk, from: Json | undefined, to: Json | undefined): void {
  const [old, now] = [listOf(from).map(objectOf), listOf(to).map(objectOf)];
  const left = [...now];
  const take = (fits: (server: Objekt) => boolean): Objekt | undefined => {
    const index = left.findIndex(fits);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const pairs = old.map((server) => ({
    server,
    twin: take((other) => other.url === server.url && other["x-site"] === server["x-site"]),
  }));
  for (const { server, twin: exact } of pairs) {
    const here = { ...spot, place: `server ${server.url}${server["x-site"] ? ` (${server["x-site"]})` : ""}` };
    const twin =
      exact ?? take((other) => other["x-site"] === server["x-site"]) ?? take((other) => other.url === server.url);
    if (twin === undefined) walk.say("server-removed", here, server.url, null, "breaking");
    else
      byKey(walk, server, twin, here, {
        url: whole(walk, "server-url-changed", always("breaking")),
        "x-site": whole(walk, "server-site-changed", always("breaking")),
        "x-regions": (a, b) => compareRegions(walk, a, b, here),
        variables: (a, b) =>
          byName(a, b, (name, was, is) => {
            const there = { ...here, place: `${here.place} {${name}}` };
            if (was === undefined || is === undefined) walk.say("server-variable-changed", there, was, is, "breaking");
            else
              byKey(walk, objectOf(was), objectOf(is), there, {
                default: whole(walk, "server-variable-default-changed", always("breaking")),
              });
          }),
      });
  }
  for (const server of left)
    walk.say("server-added", { ...spot, place: `server ${server.url}` }, null, server.url, "additive");
  const order = [old, now].map((list) => list.map((server) => `${server.url} ${server["x-site"] ?? ""}`));
  // The first server that fits is taken.
  if (!same(order[0], order[1]) && same([...(order[0] ?? [])].sort(), [...(order[1] ?? [])].sort()))
    walk.say("server-order-changed", spot, order[0], order[1], "breaking");
}

function compareRegions(walk: Walk, from: Json | undefined, to: Json | undefined, here: Spot): void {
  if (from === undefined || to === undefined) {
    // Without a list a server serves whatever region is asked for.
    if (!same(from, to)) walk.say("server-regions-changed", here, from, to, to === undefined ? "additive" : "breaking");
    return;
  }
  const { gone, come } = compareSets(walk, from, to, here, "x-regions");
  for (const region of gone) walk.say("server-region-removed", here, region, null, "breaking");
  for (const region of come) walk.say("server-region-added", here, null, region, "additive");
}

/**
 * Each entry is one way to be let in; without any but empty ones a call goes out unsigned. What an operation does not
 * say itself the service says for it.
 */
export function compareSecurity(walk: Walk, from: Json | undefined, to: Json | undefined, here: Spot): void {
  const [old, now] = [listOf(from ?? walk.before.document.security), listOf(to ?? walk.after.document.security)];
  const unsigned = (list: Json[]) => list.every((need) => same(need, {}));
  const count = (list: Json[]) => (unsigned(list) ? [] : list);
  if (unsigned(old) !== unsigned(now)) {
    walk.say("api-security-changed", here, old, now, "breaking");
    return;
  }
  const { gone, come } = compareSets(walk, count(old), count(now), here, "security");
  for (const need of gone) walk.say("api-security-removed", here, need, null, "breaking");
  for (const need of come) walk.say("api-security-added", here, null, need, "additive");
  if (gone.length + come.length === 0 && !same(from, to))
    walk.say("security-written-out", here, from, to, "wording-only");
}

function compareComponents(walk: Walk): void {
  const [old, now] = [objectOf(walk.before.document.components), objectOf(walk.after.document.components)];
  const used = [usedBy(walk.before.document), usedBy(walk.after.document)] as const;
  byName(old, now, (group, from, to) => {
    byName(from, to, (name, was, is) => {
      const here = { ...spot, place: `components.${group}.${name}` };
      if (group === "securitySchemes") {
        compareScheme(walk, was, is, here);
        return;
      }
      const reference = `#/components/${group}/${name}`;
      // What operations use was compared where they use it.
      const seen = (was === undefined || used[0].has(reference)) && (is === undefined || used[1].has(reference));
      if (!seen && !same(was, is)) walk.say("unused-component-changed", here, was, is, "wording-only");
    });
    if (Object.keys(objectOf(from)).length + Object.keys(objectOf(to)).length === 0 && !same(from, to))
      walk.say("empty-group-changed", { ...spot, place: `components.${group}` }, from, to, "wording-only");
  });
}

function compareScheme(walk: Walk, from: Json | undefined, to: Json | undefined, here: Spot): void {
  if (from === undefined || to === undefined) {
    // Whether it is asked for says `security`.
    const id = from === undefined ? "api-security-component-added" : "api-security-component-removed";
    walk.say(id, here, from, to, promise(from));
    return;
  }
  const changed = whole(walk, "api-security-component-changed", always("breaking"));
  const keys = ["type", "scheme", "bearerFormat", "name", "in"];
  byKey(walk, objectOf(from), objectOf(to), here, Object.fromEntries(keys.map((key) => [key, changed])));
}

/** Every component that the paths lead to. */
function usedBy(document: Objekt): Set<string> {
  const found = new Set<string>();
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (isObject(value)) {
      const reference = value.$ref;
      if (typeof reference === "string" && !found.has(reference)) {
        found.add(reference);
        const [, , group = "", name = ""] = reference.split("/");
        visit(own(objectOf(own(objectOf(document.components), group)), name));
      }
      for (const inner of Object.values(value)) visit(inner);
    }
  };
  visit(document.paths);
  return found;
}
