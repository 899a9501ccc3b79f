// The x- keys of specs: what the generated client does with them, and so what a change of them does to its callers.
import type { ChangeClass } from "../change.js";
import { type Json, keysOf, type Objekt, objectOf, own, same } from "./json.js";
import { always, byKey, byName, compareSets, promise, type Rule, type Spot, type Walk, whole } from "./walk.js";

export function compareVocabulary(walk: Walk): Record<string, Rule> {
  return {
    "x-effect": (from, to, spot) => compareEffect(walk, from, to, spot),
    "x-rate-limit": (from, to, spot) => compareRate(walk, from, to, spot),
    "x-pagination": (from, to, spot) => comparePagination(walk, from, to, spot),
    "x-task": (from, to, spot) => compareTask(walk, from, to, spot),
  };
}

/** Every change of effect breaks somebody; see the README for who. */
function compareEffect(walk: Walk, from: Json | undefined, to: Json | undefined, spot: Spot): void {
  if (same(from, to)) return;
  const id =
    to === "read" ? "operation-became-read" : from === "read" ? "operation-became-write" : "operation-effect-changed";
  walk.say(id, spot, from, to, "breaking");
}

function compareRate(walk: Walk, from: Json | undefined, to: Json | undefined, spot: Spot): void {
  if (same(from, to)) return;
  const say = (id: string, kind: ChangeClass) => walk.say(id, spot, from, to, kind);
  const [old, now] = [objectOf(from), objectOf(to)];
  const known = ["requests", "seconds", "per"];
  if (from === undefined) say("rate-limit-added", "additive");
  // The service's limit is hardly gone; what is gone is the waiting that kept calls under it.
  else if (to === undefined) say("rate-limit-removed", "breaking");
  else if (keysOf(old, now).some((key) => !known.includes(key) && !same(own(old, key), own(now, key))))
    walk.say("unclassified", { ...spot, place: `${spot.place} x-rate-limit` }, from, to, "breaking");
  else if (allowsAll(old, now) && !(old.per === "user" && now.per === "account")) say("rate-limit-raised", "additive");
  else say("rate-limit-lowered", "breaking");
}

/** Whether every run of calls that the first limit lets through passes the second as well. */
function allowsAll(first: Objekt, second: Objekt): boolean {
  const windows = Math.ceil(Number(second.seconds) / Number(first.seconds));
  return Number(second.requests) >= Number(first.requests) * windows;
}

function comparePagination(walk: Walk, from: Json | undefined, to: Json | undefined, spot: Spot): void {
  if (from === undefined || to === undefined) {
    if (!same(from, to))
      walk.say(from === undefined ? "pagination-added" : "pagination-removed", spot, from, to, promise(from));
    return;
  }
  const here = { ...spot, place: `${spot.place} x-pagination` };
  const changed = whole(walk, "pagination-changed", always("breaking"));
  byKey(walk, objectOf(from), objectOf(to), here, {
    style: changed,
    position: changed,
    size: changed,
    first: changed,
    items: changed,
    total: whole(walk, "pagination-total-changed", promise),
    maximum: whole(walk, "pagination-maximum-changed", (a, b) =>
      b === undefined || (a !== undefined && Number(b) > Number(a)) ? "additive" : "breaking",
    ),
  });
}

const groups = ["running", "succeeded", "failed"] as const;

function compareTask(walk: Walk, from: Json | undefined, to: Json | undefined, spot: Spot): void {
  if (from === undefined || to === undefined) {
    if (!same(from, to)) walk.say(from === undefined ? "task-added" : "task-removed", spot, from, to, promise(from));
    return;
  }
  const here = { ...spot, place: `${spot.place} x-task` };
  const [old, now] = [objectOf(from), objectOf(to)];
  const changed = whole(walk, "task-changed", promise);
  byKey(walk, old, now, here, {
    record: changed,
    id: changed,
    state: changed,
    detail: changed,
    progress: changed,
    ...Object.fromEntries(
      groups.map((group) => [group, () => compareSets(walk, own(old, group), own(now, group), here, group)]),
    ),
  });
  const states = (task: Objekt) =>
    new Map(
      groups.flatMap((group) =>
        ((own(task, group) as Json[] | undefined) ?? []).map((state) => [JSON.stringify(state), group]),
      ),
    );
  const [was, is] = [states(old), states(now)];
  for (const state of new Set([...was.keys(), ...is.keys()])) {
    const [a, b] = [was.get(state), is.get(state)];
    if (a === b) continue;
    const there = { ...here, place: `${here.place} ${state}` };
    if (a === undefined) walk.say("task-state-added", there, null, b, "additive");
    else if (b === undefined) walk.say("task-state-removed", there, a, null, "breaking");
    else walk.say("task-state-moved", there, a, b, "breaking");
  }
}

/**
 * Lists of error codes are open: a code that goes may still come. Of the kinds the client acts on `throttled` only:
 * such a call is sent again by itself. Of writes that is what their callers were promised it is not.
 * @param writes whether one of the calls that get these codes is no read
 */
export function compareErrors(
  walk: Walk,
  from: Json | undefined,
  to: Json | undefined,
  spot: Spot,
  writes: boolean,
): void {
  const throttled = (error: Json | undefined) => objectOf(error).kind === "throttled";
  byName(from, to, (code, old, now) => {
    const here = { ...spot, place: `${spot.place === "operation" ? "errors" : "service errors"} ${code}` };
    const resent = writes && throttled(now) !== throttled(old);
    if (old === undefined) walk.say("error-code-added", here, null, code, resent ? "breaking" : "additive");
    else if (now === undefined)
      walk.say("error-code-removed", here, code, null, throttled(old) ? "breaking" : "wording-only");
    else
      byKey(walk, objectOf(old), objectOf(now), here, {
        status: whole(walk, "error-status-changed", always("wording-only")),
        meaning: whole(walk, "error-meaning-changed", always("wording-only")),
        kind: whole(walk, "error-kind-changed", always(throttled(old) || resent ? "breaking" : "additive")),
      });
  });
}
