import { RestoreError } from "./errors.js";
import type { Instant } from "./model.js";

const ZONED = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)$/i;
const LOCAL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** @throws {RestoreError} `input` for a text without a zone, and for what is no time */
export function toDate(instant: Instant, name: string): Date {
  const date = instant instanceof Date ? instant : (readZoned(instant) ?? new Date(Number.NaN));
  if (!Number.isNaN(date.getTime())) return date;
  throw new RestoreError("input", `${name} is not a time with a known zone`, {
    next: "Give a Date, or text that ends in Z or an offset, such as 2026-01-05T10:00:00+08:00.",
  });
}

/** Reads text with `Z` or an offset (`+0800`, `+08:00`); undefined for anything else, and for days that do not exist. */
export function readZoned(text: string | undefined): Date | undefined {
  const [, year, month, day, hour, minute, second = "00", fraction = "", zone = ""] = ZONED.exec(text ?? "") ?? [];
  if (year === undefined) return undefined;
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const local = Date.parse(`${wall}.${fraction.slice(0, 3).padEnd(3, "0")}Z`);
  // Date would take 30 February for 2 March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(wall)) return undefined;
  const east = eastOf(zone);
  return east === undefined ? undefined : new Date(local - east);
}

/** Reads `2026-01-05 10:00:00`, the local time of a place that is so far east (`+08:00`). */
export function readLocal(text: string | undefined, offset: string): Date | undefined {
  return text !== undefined && LOCAL.test(text) ? readZoned(`${text}${offset}`) : undefined;
}

/** `2026-01-05T10:00:00+0000`, as the Huawei APIs print and take times. */
export function withOffset(date: Date): string {
  return `${date.toISOString().slice(0, 19)}+0000`;
}

/** Milliseconds east of Greenwich; undefined for what is no offset. */
export function eastOf(zone: string): number | undefined {
  if (/^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  if (Number(hours) > 14 || Number(minutes) > 59 || hours === undefined) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
