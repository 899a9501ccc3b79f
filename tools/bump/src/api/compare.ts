// Two reports of one package: what a consumer's code can notice.
import { type Change, collector } from "../change.js";
import { type Entry, entriesOf } from "./entries.js";

/**
 * Nothing is proven here, so whatever was declared and is declared otherwise counts as breaking, and so does a new
 * member that whoever makes or extends such a value would have to give. New declarations and other members are additive.
 */
export function compareReports(before: string, after: string): Change[] {
  const { changes, say } = collector();
  const [old, now] = [entriesOf(before), entriesOf(after)];
  for (const [place, entry] of old) {
    const other = now.get(place);
    const spot = { operation: null, place };
    if (isImport(place)) {
      // Whether it is used any longer says what uses it; but what is used may be another thing of that name now.
      const news = other ?? namesake(place, now);
      if (news !== undefined && news.text !== entry.text) say("api-changed", spot, entry.text, news.text, "breaking");
    } else if (other === undefined) {
      if (!isInside(place, old, now)) say("api-removed", spot, entry.text, null, "breaking");
    } else if (other.text !== entry.text) say("api-changed", spot, entry.text, other.text, "breaking");
  }
  for (const [place, entry] of now) {
    if (old.has(place) || isImport(place) || isInside(place, now, old)) continue;
    const demanded = entry.demanded && isMemberOfType(place);
    say("api-added", { operation: null, place }, null, entry.text, demanded ? "breaking" : "additive");
  }
  if (changes.length === 0 && before !== after)
    say("api-report-changed", { operation: null, place: "report" }, null, null, "wording-only");
  return changes;
}

/** Whether what holds it came or went as well: that says it all. */
function isInside(place: string, here: ReadonlyMap<string, Entry>, there: ReadonlyMap<string, Entry>): boolean {
  return [...here.keys()].some((other) => place.startsWith(`${other}.`) && !there.has(other));
}

const isImport = (place: string): boolean => /: import \S+$/.test(place);

/** What is declared under the name of an import. */
function namesake(place: string, entries: ReadonlyMap<string, Entry>): Entry | undefined {
  const [specifier, name] = place.split(": import ");
  const kinds = ["interface", "type", "class", "const", "function", "enum"];
  const kind = kinds.find((one) => entries.has(`${specifier}: ${one} ${name}`));
  return entries.get(`${specifier}: ${kind} ${name}`);
}

const isMemberOfType = (place: string): boolean => /: (?:interface|type|class) \w+\./.test(place);
