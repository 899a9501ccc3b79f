import { exact, valueAt } from "./data.js";
import type { Operation, Service } from "./operation.js";
import type { Incoming } from "./send/types.js";

/** What a whole HTTP answer says, before anything is decided about it. */
export type Reading =
  | { kind: "result"; value: unknown }
  | {
      kind: "error";
      code: string;
      detail: string;
      requestId: string | undefined;
      /** Whether the service said the code, alone, where its errors have it. All else proves nothing. */
      sure: boolean;
    }
  | { kind: "redirected" | "malformed" | "unsafeInteger"; problem: string };

/** Reads an answer by the service's envelopes. The text is parsed whole or not at all. */
export function readAnswer(service: Service, operation: Operation, { status, text, headers }: Incoming): Reading {
  // A browser shows a redirect that it did not follow as status 0.
  if (status === 0 || (status >= 300 && status < 400)) return { kind: "redirected", problem: "it is not followed" };
  if (!Number.isInteger(status) || status < 200 || status > 599) return malformed(`the status is ${status}`);
  // A transport of the caller's own may give anything.
  if (typeof headers?.get !== "function") return malformed("the answer has no headers");
  const ok = status < 300;
  const empty = text.trim() === "";
  if (ok && empty) {
    const documented = operation.empty?.includes(status) || (status === 204 && operation.effect === "read");
    return documented ? { kind: "result", value: undefined } : malformed("the answer is empty");
  }

  const deep = nestedDeeper(text, DEEPEST);
  if (ok && deep) return malformed(`the answer is nested deeper than ${DEEPEST}`);
  let body: unknown;
  try {
    body = deep ? undefined : JSON.parse(text);
  } catch {
    if (ok) return malformed("the answer is not JSON");
  }
  const error = service.errors === "tencent" ? tencentError(body) : ok ? undefined : huaweiError(body);
  if (error || !ok) {
    const fromHeader = headers.get("x-request-id") ?? headers.get("x-tc-traceid") ?? undefined;
    const requestId = textOf(valueAt(body, "Response.RequestId")) ?? textOf(valueAt(body, "request_id")) ?? fromHeader;
    const sure = error?.sure === true && text.length <= LONGEST_ERROR && saysOneThing(error.code, text, body);
    return { kind: "error", code: `HTTP ${status}`, detail: "", ...error, requestId, sure };
  }

  const unfit = unfitIn(body, "a number");
  if (unfit) return unfit;
  const value = service.envelope ? valueAt(body, service.envelope) : body;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return malformed("the answer lacks its envelope");
  if (isErrorBody(operation, value)) return malformed("an error body came with a success status");
  if (operation.result?.every((name) => (valueAt(value, name) ?? null) === null))
    return malformed(`the answer has none of ${operation.result.join(", ")}`);
  return { kind: "result", value };
}

function malformed(problem: string): Reading {
  return { kind: "malformed", problem };
}

/** What is read may be a record with an error_code of its own; with its text beside it the body is an error. */
function isErrorBody({ effect }: Operation, body: object) {
  const code = effect === "read" ? textOf(valueAt(body, "error_code")) : pick(body, CODES);
  const told = (code ?? "") !== "" && (effect !== "read" || typeof valueAt(body, "error_msg") === "string");
  return told || textOf(valueAt(body, "error.code")) !== undefined;
}

function tencentError(body: unknown) {
  const error = valueAt(body, "Response.Error");
  if (!error) return undefined;
  const code = textOf(valueAt(error, "Code"));
  return { code: code ?? "Unknown", detail: textOf(valueAt(error, "Message")) ?? "", sure: code !== undefined };
}

const CODES = ["error_code", "errorCode", "errCode", "code"];

/** The envelopes seen at Huawei and OTC: flat, in camel case, or below `error`. Elsewhere a code is shown, not believed. */
function huaweiError(body: unknown) {
  const nested = typeof body === "object" && body !== null ? Object.values(body).flat() : [];
  const own = Array.isArray(body) ? [] : [body, valueAt(body, "error")].filter((place) => !Array.isArray(place));
  for (const place of [...own, ...nested]) {
    const code = pick(place, CODES);
    const texts = ["error_msg", "errorMsg", "errorMessage", "externalMessage", "message"];
    if (code !== undefined) return { code, detail: pick(place, texts) ?? "", sure: own.includes(place) };
  }
  return undefined;
}

/** Longer than any documented error. */
const LONGEST_ERROR = 65_536;

/** No code of a service is as short as a status, which any proxy says in JSON too. */
const OWN_CODE = /^(?!\d{1,5}$)[a-z\d][\w.-]*$/i;

/** All that errors of the services have in them. What has more may be a result, or the answer to a batch. */
const IN_ERRORS =
  /^(response|error|(err(or)?_?)?code|(err(or)?_?|external|ext_|error_ext_|encoded_authorization_)?(msg|message)|request_?id|title)$/i;

/** An answer with a second code in it, with anything else, or with a name twice (JSON.parse keeps the last) says two things. */
function saysOneThing(code: string, text: string, body: unknown) {
  const names = namesIn(body);
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon);
  const codes = names.filter((name) => /^(err(or)?_?)?code$/i.test(name));
  const alone = written.length === names.length && codes.length === 1 && names.every((name) => IN_ERRORS.test(name));
  // JSON in a text is another's answer.
  return alone && OWN_CODE.test(code) && !/[{[]\s*\\["u]/.test(text);
}

/** The names of a value's properties, at any depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return own.concat(Object.values(value).flatMap(namesIn));
}

function pick(place: unknown, names: string[]) {
  return names.map((name) => textOf(valueAt(place, name))).find((value) => value !== undefined);
}

function textOf(value: unknown) {
  return typeof value === "string" || Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Deeper than any documented answer, and shallow enough for whoever walks the value. */
const DEEPEST = 200;

/** Before it is parsed, which takes seconds for millions of brackets and would break whoever walks the value. */
function nestedDeeper(text: string, most: number) {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "[" || char === "{") && ++depth > most) return true;
    else if (!quoted && (char === "]" || char === "}")) depth--;
  }
  return false;
}

/** What JSON.parse lets pass: integers that it rounds. */
function unfitIn(value: unknown, name: string): Reading | undefined {
  if (typeof value === "number" && !exact(value))
    return { kind: "unsafeInteger", problem: `${name} is more than a number can hold` };
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = unfitIn(inner, Array.isArray(value) ? name : key);
    if (found) return found;
  }
  return undefined;
}
