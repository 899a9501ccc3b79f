// The vendors' spellings of an instant.

const MINUTE = 60_000;

/** `2026-01-05 16:00:00`, in the zone that is so many minutes east of Greenwich. */
export function spaced(at: number, east = 0): string {
  return new Date(at + east * MINUTE).toISOString().slice(0, 19).replace("T", " ");
}

export function fromSpaced(text: string, east = 0): number {
  return Date.parse(`${text.replace(" ", "T")}Z`) - east * MINUTE;
}

/** `2026-01-05T16:00:00+0800` */
export function withOffset(at: number, east = 0): string {
  const minutes = Math.abs(east);
  const offset = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join("");
  return `${new Date(at + east * MINUTE).toISOString().slice(0, 19)}${east < 0 ? "-" : "+"}${offset}`;
}

export function fromOffset(text: string): number {
  return Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
}

/** `20260105080000`, UTC. */
export function compact(at: number): string {
  return new Date(at).toISOString().replace(/\D/g, "").slice(0, 14);
}

export function fromCompact(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6Z"));
}
