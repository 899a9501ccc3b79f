/** The value at a dotted place; `.` is the value itself. Only own properties count. */
export function valueAt(value: unknown, place: string): unknown {
  if (place === ".") return value;
  let here = value;
  for (const name of place.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}
