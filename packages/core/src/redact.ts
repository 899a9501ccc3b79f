import type { Outgoing } from "./send/types.js";

/** Longest vendor text that an error keeps. */
const LONGEST = 300;
/** Longer ones are not looked at, and so not kept at all. */
const MOST = 4_096;
/** A word of a text that shares so many characters in a row with a secret is not shown. */
const RUN = 6;
/** A code or an id may: documented codes have words such as `Password` that are in many a password too. */
const LONG_RUN = 12;
/** Tokens are at most this long. */
const LONGEST_SECRET = 16_384;

/** Words as people and programs write them, and short numbers: `BackupNotExists`, `backup_id`, `DBS.280001`, `v3.1`. */
const WORD = /^[a-z]{1,40}\d{0,6}$|^\d{1,10}$|^\p{Lo}+$/iu;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Says what may be shown of texts that came from outside. */
export interface Shown {
  /** Plain words and numbers that are no part of a secret; `…` stands for all else. */
  text(text: string): string;
  /** A code or an id as it is, or nothing. */
  name(text: string | undefined): string | undefined;
}

/** Services quote requests back, signed headers included, whole, cut short or encoded. */
export function shownOf(credentials: object, request: Outgoing, secretNames: readonly string[] = []): Shown {
  const secrets = secretsOf(credentials, request, secretNames);
  const forms = secrets.flatMap(formsOf);
  const telling = sharing(RUN, [...forms, ...secrets.flatMap((secret) => secret.split(/\s+/))]);
  const plain = (token: string) => {
    const core = /^[("'`[]*(.*?)[.,:;!?)"'`\]]*$/.exec(token)?.[1] ?? "";
    const words = core.split(/[-_./:]/);
    return (
      !telling(core) && (UUID.test(core) || words.every((word) => word === "" || (WORD.test(word) && !telling(word))))
    );
  };
  return {
    text(text) {
      if (text.length > MOST) return `a text of ${text.length} characters`;
      const shown = text.replace(/\p{Lo}+|[^\s\p{Lo}]+/gu, (token) => (plain(token) ? token : "…"));
      return shown
        .replace(/\s+/g, " ")
        .replace(/…( ?…)+/g, "…")
        .slice(0, LONGEST);
    },
    name(text) {
      if (text === undefined || !/^[\w.: -]{1,100}$/.test(text)) return undefined;
      const lower = text.toLowerCase();
      const whole = forms.some((form) => form.length >= RUN && lower.includes(form.toLowerCase()));
      return whole || sharing(LONG_RUN, forms)(text) ? undefined : text;
    },
  };
}

function secretsOf(credentials: object, { headers, url, body }: Outgoing, names: readonly string[]): string[] {
  const secretHeader = (name: string) =>
    /authorization|token|cookie/i.test(name) || names.some((each) => each.toLowerCase() === name.toLowerCase());
  const query = new URL(url).searchParams;
  const values = Object.entries(headers).filter(([name]) => secretHeader(name));
  return [
    ...textsIn(credentials),
    // What stands before a signature are plain words, which a service may use too.
    ...values.map(([, value]) => value.replace(/^.*Signature=/, "")),
    ...names.flatMap((name) => query.getAll(name)),
    ...secretsIn(body, names),
  ];
}

function secretsIn(body: string | undefined, names: readonly string[]) {
  const found: string[] = [];
  if (!body || names.length === 0) return found;
  try {
    JSON.parse(body, (key, value) => {
      if (names.includes(key)) found.push(...textsIn(value));
      return value;
    });
    return found;
  } catch {
    // A raw call may send anything: then all of it counts as secret.
    return [body];
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A secret, and where encoding leaves plain letters: hex, and base64 wherever it begins in what was encoded. */
function formsOf(secret: string): string[] {
  const bytes = Array.from(new TextEncoder().encode(secret.slice(0, LONGEST_SECRET)));
  const text = String.fromCharCode(...bytes);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [secret, hex, ...["", " ", "  "].map((before) => btoa(before + text))];
}

/** Whether a text has a piece of this length in common with one of the secrets. */
function sharing(length: number, secrets: readonly string[]) {
  const runs = new Set(secrets.flatMap((secret) => runsOf(secret, length)));
  return (text: string) => runsOf(text, length).some((run) => runs.has(run));
}

/** All pieces of a text that are so long; a shorter text is its own only one. Case does not count. */
function runsOf(text: string, length: number): string[] {
  const lower = text.toLowerCase();
  return Array.from({ length: Math.max(1, lower.length - length + 1) }, (_, at) => lower.slice(at, at + length));
}
