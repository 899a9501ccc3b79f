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

/** Whether JSON and JavaScript mean the same by it: infinite ones become null, and large integers are rounded. */
export function exact(number: number) {
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}
