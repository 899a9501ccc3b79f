// Two bundles of one service: every difference, classified.
import { type Bump, bumpOf, type Change, collector, worstOf } from "../change.js";
import { type Objekt, same } from "./json.js";
import { compareOperations } from "./operation.js";
import { compareService } from "./service.js";

export interface Comparison {
  changes: Change[];
  bump: Bump;
}

/** @throws where a reference leads nowhere */
export function compareBundles(before: Objekt, after: Objekt): Comparison {
  const { changes, say } = collector();
  const walk = { before: { document: before }, after: { document: after }, say };
  compareService(walk);
  compareOperations(walk);
  // The last net: two documents that differ are never called the same.
  if (changes.length === 0 && !same(before, after))
    say("unclassified", { operation: null, place: "document" }, null, null, "breaking");
  return { changes, bump: bumpOf(worstOf(changes.map((change) => change.class))) };
}
