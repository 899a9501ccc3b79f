import type { Sighting } from "./adapter.js";
import type { Intent } from "./intent.js";

/** What the vendor's records say about a submit. */
export type Verdict =
  /** `marked`: by the id of the intent, so that nothing which comes later can change it. */
  | { readonly kind: "found"; readonly id: string; readonly marked: boolean }
  | { readonly kind: "none" }
  | { readonly kind: "unclear"; readonly why: string };

/** The window in which a submit may have begun at the service, in its time. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What is known of the other intents of the target. */
export interface Others {
  /** Tasks that are theirs. */
  readonly tasks: ReadonlySet<string>;
  /** When those may have begun whose task is not known. */
  readonly windows: readonly Window[];
}

const NOBODY: Others = { tasks: new Set(), windows: [] };

/** So many ids are kept; of older records only that they are older. */
const MOST_KNOWN = 20;

/** What to remember of the records before the submit: by it, a new record is told from an old one, whatever the clocks. */
export function snapshot(sightings: readonly Sighting[]): NonNullable<Intent["known"]> {
  const records = sightings
    .filter(({ relation }) => relation !== "other")
    .sort((a, b) => (b.startedAt?.getTime() ?? Infinity) - (a.startedAt?.getTime() ?? Infinity));
  const oldest = records[MOST_KNOWN - 1]?.startedAt;
  if (!oldest || records.length <= MOST_KNOWN) return { ids: records.map(({ id }) => id) };
  const kept = records.filter(({ startedAt }) => startedAt === undefined || startedAt >= oldest);
  return { ids: kept.map(({ id }) => id), before: oldest.toISOString() };
}

/**
 * Looks for the one record that the submit made.
 *
 * Records known before it are not it. One that carries the intent's id is. Without such a mark, it must be the only new
 * restore of the instance, begun within the window of the submit, and of no other intent; anything else that is new
 * leaves it unclear.
 */
export function judge(
  sightings: readonly Sighting[],
  { known = { ids: [] }, submit }: Pick<Intent, "known" | "submit">,
  window: Window,
  others: Others = NOBODY,
): Verdict {
  const before = known.before === undefined ? Number.NEGATIVE_INFINITY : Date.parse(known.before);
  // A list that grows while its pages are read shows a record twice.
  const fresh = [...new Map(sightings.map((sighting, at) => [sighting.id || at, sighting])).values()].filter(
    ({ id, startedAt, relation }) =>
      relation !== "other" &&
      !(id !== "" && known.ids.includes(id)) &&
      !others.tasks.has(id) &&
      !(startedAt !== undefined && startedAt.getTime() < before),
  );
  const marked = fresh.filter(({ relation }) => relation === "ours");
  const [mine] = marked;
  if (mine && marked.length === 1 && mine.id !== "") return { kind: "found", id: mine.id, marked: true };
  if (mine) return { kind: "unclear", why: `${marked.length} records carry its id, or one without an id of its own` };
  if (fresh.length === 0) return { kind: "none" };

  if (fresh.some(({ id }) => id === "")) return { kind: "unclear", why: "a record without an id may be it" };
  const likely = fresh.filter(({ relation }) => relation === "likely");
  const [only] = likely;
  if (!only) return { kind: "unclear", why: `record ${fresh[0]?.id} may be it` };
  if (likely.length > 1) return { kind: "unclear", why: `${likely.length} new restores: ${ids(likely)}` };
  // The refusal came from another operation: another's restore, or the first of two deliveries of this one.
  if (submit?.error?.locked)
    return { kind: "unclear", why: `restore ${only.id} may be it, or the one that was in its way` };
  const at = only.startedAt?.getTime();
  if (at === undefined || !isIn(window, at)) {
    return {
      kind: "unclear",
      why: `restore ${only.id} is new, but began at ${only.startedAt?.toISOString() ?? "an unknown time"}`,
    };
  }
  if (others.windows.some((other) => isIn(other, at))) {
    return { kind: "unclear", why: `restore ${only.id} may be that of another intent` };
  }
  return { kind: "found", id: only.id, marked: false };
}

const isIn = ({ from, to }: Window, at: number) => at >= from && at <= to;

const ids = (sightings: readonly Sighting[]) => sightings.map(({ id }) => id).join(", ");
