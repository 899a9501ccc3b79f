import type { Operation, Service } from "./operation.js";
import { valueAt } from "./record.js";
import type { Incoming } from "./send/types.js";

/** What a whole HTTP answer says, before anything is decided about it. */
export type Reading =
  | { kind: "result"; value: unknown; requestId: string | undefined }
  | { kind: "error"; code: string; detail: string; requestId: string | undefined }
  | { kind: "redirected" }
  | { kind: "malformed"; problem: string }
  | { kind: "unsafeInteger"; problem: string };

/** The whole answers behind errors, for the raw client; an error itself shows nothing of them. */
export const answered = new WeakMap<Error, Incoming>();

/** Reads an answer by the service's envelopes. The text is parsed whole or not at all. */
export function readAnswer(service: Service, operation: Operation, answer: Incoming): Reading {
  const { status, text, headers } = answer;
  // A browser shows a redirect that it did not follow as status 0.
  if (status === 0 || (status >= 300 && status < 400)) return { kind: "redirected" };
  if (status < 200 || status > 599) return { kind: "malformed", problem: `the status is ${status}` };
  const ok = status >= 200 && status < 300;
  const fromHeader = headers.get("x-request-id") ?? headers.get("x-tc-traceid") ?? undefined;

  if (text.trim() === "") {
    if (!ok) return { kind: "error", code: `HTTP ${status}`, detail: "", requestId: fromHeader };
    if (operation.empty?.includes(status) || (status === 204 && operation.effect === "read"))
      return { kind: "result", value: undefined, requestId: fromHeader };
    return { kind: "malformed", problem: "the answer is empty" };
  }

  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    if (!ok) return { kind: "error", code: `HTTP ${status}`, detail: "", requestId: fromHeader };
    return { kind: "malformed", problem: "the answer is not JSON" };
  }

  const error = service.errors === "tencent" ? tencentError(body) : ok ? undefined : huaweiError(body);
  const requestId = textOf(valueAt(body, "Response.RequestId")) ?? textOf(valueAt(body, "request_id")) ?? fromHeader;
  if (error || !ok)
    return { kind: "error", code: error?.code ?? `HTTP ${status}`, detail: error?.detail ?? "", requestId };

  const unfit = unfitFor(text);
  if (unfit) return unfit;
  const value = service.envelope ? valueAt(body, service.envelope) : body;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { kind: "malformed", problem: "the answer lacks its envelope" };
  if (isErrorBody(value)) return { kind: "malformed", problem: "an error body came with a success status" };
  if (operation.result && !operation.result.some((name) => (valueAt(value, name) ?? null) !== null))
    return { kind: "malformed", problem: `the answer has none of ${operation.result.join(", ")}` };
  return { kind: "result", value, requestId };
}

/** A record may have an error_code of its own; with its text beside it the body is an error. */
function isErrorBody(body: object) {
  const [code, text] = [valueAt(body, "error_code"), valueAt(body, "error_msg")];
  return (typeof code === "string" && typeof text === "string") || textOf(valueAt(body, "error.code")) !== undefined;
}

function tencentError(body: unknown) {
  const error = valueAt(body, "Response.Error");
  if (!error) return undefined;
  return { code: textOf(valueAt(error, "Code")) ?? "Unknown", detail: textOf(valueAt(error, "Message")) ?? "" };
}

/** The envelopes seen at Huawei and OTC: flat, in camel case, or below one key whose name differs. */
function huaweiError(body: unknown) {
  const nested = typeof body === "object" && body !== null ? Object.values(body).flat() : [];
  for (const place of [body, ...nested]) {
    const code = pick(place, ["error_code", "errorCode", "errCode", "code"]);
    if (code !== undefined) {
      return {
        code,
        detail: pick(place, ["error_msg", "errorMsg", "errorMessage", "externalMessage", "message"]) ?? "",
      };
    }
  }
  return undefined;
}

function pick(place: unknown, names: string[]) {
  for (const name of names) {
    const value = textOf(valueAt(place, name));
    if (value !== undefined) return value;
  }
  return undefined;
}

function textOf(value: unknown) {
  return typeof value === "string" || Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Deeper than any documented answer, and shallow enough for whoever walks the value. */
const DEEPEST = 200;

/** What JSON.parse lets pass: integers that it rounds, and nesting that breaks `JSON.stringify`. */
function unfitFor(text: string): Reading | undefined {
  let depth = 0;
  let key = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') {
      const start = at;
      do at = text.indexOf('"', at + 1);
      while (escaped(text, at));
      // Half a key could be half a secret, which nobody would know again.
      key = at - start < 80 ? text.slice(start, at + 1) : "an integer";
    } else if (char === "[" || char === "{") {
      if (++depth > DEEPEST) return { kind: "malformed", problem: `the answer is nested deeper than ${DEEPEST}` };
    } else if (char === "]" || char === "}") {
      depth--;
    } else if (char === "-" || (char >= "0" && char <= "9")) {
      const token = numberAt(text, at);
      if (!exact(token)) return { kind: "unsafeInteger", problem: `${key} is ${token.slice(0, 40)}` };
      at += token.length - 1;
    }
  }
  return undefined;
}

function escaped(text: string, at: number) {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

function numberAt(text: string, at: number) {
  const number = /[\d.eE+-]+/y;
  number.lastIndex = at;
  return number.exec(text)?.[0] ?? "";
}

function exact(token: string) {
  const number = Number(token);
  const long = /\d{16}/.test(token.replace(".", ""));
  return Number.isFinite(number) && !(long && Number.isInteger(number) && !Number.isSafeInteger(number));
}
