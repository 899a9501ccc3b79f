import { exact, valueAt } from "./data.js";
import type { Operation, Service } from "./operation.js";
import type { Incoming } from "./send/types.js";

/** What a whole HTTP answer says, before anything is decided about it. */
export type Reading =
  | { kind: "result"; value: unknown }
  | { kind: "error"; code: string; detail: string; requestId: string | undefined }
  | { kind: "redirected" | "malformed" | "unsafeInteger"; problem: string };

/** Reads an answer by the service's envelopes. The text is parsed whole or not at all. */
export function readAnswer(service: Service, operation: Operation, { status, text, headers }: Incoming): Reading {
  // A browser shows a redirect that it did not follow as status 0.
  if (status === 0 || (status >= 300 && status < 400)) return { kind: "redirected", problem: "it is not followed" };
  if (status < 200 || status > 599) return malformed(`the status is ${status}`);
  const ok = status < 300;
  const empty = text.trim() === "";
  if (ok && empty) {
    const documented = operation.empty?.includes(status) || (status === 204 && operation.effect === "read");
    return documented ? { kind: "result", value: undefined } : malformed("the answer is empty");
  }

  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    if (ok) return malformed("the answer is not JSON");
  }
  const error = service.errors === "tencent" ? tencentError(body) : ok ? undefined : huaweiError(body);
  if (error || !ok) {
    const fromHeader = headers.get("x-request-id") ?? headers.get("x-tc-traceid") ?? undefined;
    const requestId = textOf(valueAt(body, "Response.RequestId")) ?? textOf(valueAt(body, "request_id")) ?? fromHeader;
    return { kind: "error", code: `HTTP ${status}`, detail: "", ...error, requestId };
  }

  const unfit = unfitIn(body, "a number", 0);
  if (unfit) return unfit;
  const value = service.envelope ? valueAt(body, service.envelope) : body;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return malformed("the answer lacks its envelope");
  if (isErrorBody(value)) return malformed("an error body came with a success status");
  if (operation.result && !operation.result.some((name) => (valueAt(value, name) ?? null) !== null))
    return malformed(`the answer has none of ${operation.result.join(", ")}`);
  return { kind: "result", value };
}

function malformed(problem: string): Reading {
  return { kind: "malformed", problem };
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
    const texts = ["error_msg", "errorMsg", "errorMessage", "externalMessage", "message"];
    if (code !== undefined) return { code, detail: pick(place, texts) ?? "" };
  }
  return undefined;
}

function pick(place: unknown, names: string[]) {
  return names.map((name) => textOf(valueAt(place, name))).find((value) => value !== undefined);
}

function textOf(value: unknown) {
  return typeof value === "string" || Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Deeper than any documented answer, and shallow enough for whoever walks the value. */
const DEEPEST = 200;

/** What JSON.parse lets pass: integers that it rounds, and nesting that breaks `JSON.stringify`. */
function unfitIn(value: unknown, name: string, depth: number): Reading | undefined {
  if (typeof value === "number" && !exact(value))
    return { kind: "unsafeInteger", problem: `${name} is more than a number can hold` };
  if (typeof value !== "object" || value === null) return undefined;
  if (depth === DEEPEST) return malformed(`the answer is nested deeper than ${DEEPEST}`);
  for (const [key, inner] of Object.entries(value)) {
    const found = unfitIn(inner, Array.isArray(value) ? name : key, depth + 1);
    if (found) return found;
  }
  return undefined;
}
