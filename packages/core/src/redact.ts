import type { Outgoing } from "./send/types.js";

/** Longest vendor text that an error keeps. */
const LONGEST = 300;

/** A vendor's error text without this call's secrets: services quote requests back, signed headers included. */
export function scrub(text: string, credentials: object, request: Outgoing, secretNames: readonly string[] = []) {
  if (text === "") return "";
  const secrets = [
    ...Object.values(credentials),
    ...signedValues(request.headers),
    ...secretValues(request.body, secretNames),
  ];
  let clean = text.replace(/canonicalRequest.*/s, "…");
  for (const secret of secrets) {
    if (typeof secret !== "string" || secret.length < 3) continue;
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
      clean = clean.replaceAll(form, "…");
    }
  }
  return clean.slice(0, LONGEST);
}

function signedValues(headers: Record<string, string>) {
  return Object.entries(headers)
    .filter(([name]) => /authorization|token/i.test(name))
    .flatMap(([, value]) => [value, ...(value.match(/Signature=([0-9a-f]+)/)?.slice(1) ?? [])]);
}

function secretValues(body: string | undefined, names: readonly string[]) {
  const found: unknown[] = [];
  if (body && names.length > 0) {
    JSON.parse(body, (key, value) => {
      if (names.includes(key)) found.push(value);
      return value;
    });
  }
  return found;
}
