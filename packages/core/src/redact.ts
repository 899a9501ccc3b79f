import type { Outgoing } from "./send/types.js";

/** Longest vendor text that an error keeps. */
const LONGEST = 300;
/** Longer ones are not searched for secrets, and so not kept at all. */
const MOST = 4_096;

/** A vendor's error text without this call's secrets: services quote requests back, signed headers included. */
export function scrub(text: string, credentials: object, request: Outgoing, secretNames: readonly string[] = []) {
  if (text === "") return "";
  if (text.length > MOST) return `a text of ${text.length} characters`;
  const secrets = [
    ...textsIn(credentials),
    ...headerValues(request.headers, secretNames),
    ...secretNames.flatMap((name) => new URL(request.url).searchParams.getAll(name)),
    ...secretValues(request.body, secretNames),
  ];
  let clean = text.replace(/canonicalRequest.*/s, "…");
  // The longest first: what is left of a secret after a shorter one was taken out of it would stay.
  for (const secret of secrets.sort((a, b) => b.length - a.length)) {
    if (secret.length > 2 && secret.length <= clean.length) clean = clean.replace(spellings(secret), "…");
  }
  return clean.replace(/\p{Cc}+/gu, " ").slice(0, LONGEST);
}

const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  " ": "+",
};
const BACKSLASH = "(?:\\u{5c}|%(?:25)*5c|&#0*92;)";

/** A text as it is, or escaped for JSON, a URL or HTML, more than once too, in any case. */
function spellings(secret: string) {
  const chars = [...secret].map((char) => {
    if (/\w/.test(char)) return char;
    const code = char.codePointAt(0) as number;
    const units = char.split("").map((unit) => `u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const forms = [
      literal(char),
      units.join(BACKSLASH),
      literal(JSON.stringify(char).slice(1, -1).replace("\\", "") || char),
      inUrl(char),
      inUrl(NAMED[char] ?? char),
      literal(NAMED[char] ?? char),
      `&#0*${code};`,
      `&#x0*${code.toString(16)};`,
    ];
    return `${BACKSLASH}{0,8}(?:${forms.join("|")})`;
  });
  return new RegExp(chars.join(""), "giu");
}

function literal(text: string) {
  return [...text].map((char) => (/\w/.test(char) ? char : `\\u{${char.codePointAt(0)?.toString(16)}}`)).join("");
}

/** What is escaped again has its `%` as `%25`. */
function inUrl(text: string) {
  const bytes = [...new TextEncoder().encode(text)];
  const hex = (byte: number) => `%(?:25)*${byte.toString(16).padStart(2, "0")}`;
  return bytes.map((byte) => (/\w/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : hex(byte))).join("");
}

function headerValues(headers: Record<string, string>, names: readonly string[]) {
  const secret = (name: string) =>
    /authorization|token|cookie/i.test(name) || names.some((each) => each.toLowerCase() === name.toLowerCase());
  return Object.entries(headers)
    .filter(([name]) => secret(name))
    .flatMap(([, value]) => [value, ...(value.match(/Signature=([0-9a-f]+)/)?.slice(1) ?? [])]);
}

function secretValues(body: string | undefined, names: readonly string[]) {
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
