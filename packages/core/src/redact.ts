import type { Outgoing } from "./send/types.js";

/** Longest vendor text that an error keeps. */
const LONGEST = 300;
/** Longer ones are not looked at, and so not kept at all. */
const MOST = 4_096;
/** A text that shares so many characters in a row with a secret is not shown there. */
const RUN = 6;
/** A code or an id may share some more: a request id is often hex, as forms of secrets are. */
const NAME_RUN = 8;
/** Documented codes have this word, and so do many passwords. */
const COMMON = "password";
/** A shorter secret is known again only as a whole word: it is a part of too many. */
const SHORT = 4;
/** Tokens have up to 16,384 characters. With more secrets than this nothing is shown, rather than compared for seconds. */
const MOST_SECRETS = 32_768;

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

/** What a call knows of itself, for `shownOf`. */
export interface Known {
  /** Names of inputs that are secret. */
  readonly secrets?: readonly string[] | undefined;
  /** Documented codes: they tell nothing, whatever the secrets are. */
  readonly codes?: readonly string[] | undefined;
}

/** Services quote requests back, signed headers included, whole, cut short or encoded. */
export function shownOf(credentials: object, request: Outgoing, { secrets: names = [], codes = [] }: Known): Shown {
  const secrets = [...new Set(secretsOf(credentials, request, names))];
  if (secrets.reduce((sum, { length }) => sum + length, 0) > MOST_SECRETS) {
    return {
      text: (text) => (text === "" ? "" : `a text of ${text.length} characters`),
      name: (text) => (text !== undefined && codes.includes(text) ? text : undefined),
    };
  }
  const forms = [...new Set(secrets.flatMap(formsOf))];
  const words = new Set(secrets.flatMap((secret) => [secret, ...secret.split(/\s+/)]).map(lower));
  words.delete("");
  const literal = forms.filter(({ length }) => length >= SHORT && length < RUN);
  const runs = runsOf(forms, RUN);
  const nameRuns = runsOf(forms, NAME_RUN);
  nameRuns.delete(COMMON);
  const plain = (token: string) => {
    const core = /^[("'`[（“]*(.*?)[.,:;!?)"'`\]，。：；！？）”]*$/u.exec(token)?.[1] ?? "";
    const parts = core.split(/[-_./:，。、：；]/u);
    const fit = UUID.test(core) || parts.every((part) => part === "" || WORD.test(part));
    return fit && ![token, core, ...parts].some((part) => words.has(lower(part)));
  };
  return {
    text(text) {
      if (text.length > MOST) return `a text of ${text.length} characters`;
      const hidden = placesOf(lower(text), literal, runs);
      const shown = text.replace(/\S+/gu, (token, at: number) =>
        !hidden.slice(at, at + token.length).includes(true) && plain(token) ? token : "…",
      );
      return shown
        .replace(/\s+/g, " ")
        .replace(/…( ?…)+/g, "…")
        .slice(0, LONGEST);
    },
    name(text) {
      if (text === undefined || !/^[\w.: -]{1,100}$/.test(text)) return undefined;
      if (codes.includes(text)) return text;
      const own = lower(text);
      const whole = words.has(own) || forms.some((form) => form.length >= SHORT && own.includes(form));
      return whole || [...runsOf([own], NAME_RUN)].some((run) => nameRuns.has(run)) ? undefined : text;
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
  if (body.length > MOST_SECRETS) return [body];
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
  const bytes = Array.from(new TextEncoder().encode(secret));
  const text = bytes.map((byte) => String.fromCharCode(byte)).join("");
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = ["", " ", "  "].map((before) => {
    // The first and the last character may depend on what stands beside the secret; there is no padding then.
    const bits = 8 * (before.length + bytes.length);
    return btoa(before + text).slice(Math.ceil((8 * before.length) / 6), Math.floor(bits / 6));
  });
  const forUrls = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  const encoded = [hex, ...base64, ...forUrls].filter(({ length }) => length >= RUN);
  return [secret, ...encoded].map(lower);
}

/** All pieces of these texts that are so long. */
function runsOf(texts: readonly string[], length: number): Set<string> {
  const runs = new Set<string>();
  for (const text of texts) for (let at = 0; at + length <= text.length; at++) runs.add(text.slice(at, at + length));
  return runs;
}

/** Which characters of a text are part of a secret. */
function placesOf(text: string, literal: readonly string[], runs: Set<string>): boolean[] {
  const hidden = Array<boolean>(text.length).fill(false);
  for (let at = 0; at < text.length; at++) {
    if (runs.has(text.slice(at, at + RUN))) hidden.fill(true, at, at + RUN);
    for (const each of literal) if (text.startsWith(each, at)) hidden.fill(true, at, at + each.length);
  }
  return hidden;
}

/** Small letters, each in its place: `İ` alone would become two characters. */
function lower(text: string) {
  const small = text.toLowerCase();
  if (small.length === text.length) return small;
  return text.replace(/[^\u0130]+/gu, (part) => part.toLowerCase());
}
