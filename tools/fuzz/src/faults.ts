import type { Operation } from "@restorekit/core";
import type { Random } from "./random.js";
import type { Kind } from "./services.js";
import { drawUnsure } from "./unsure.js";

/** What becomes of one arrival at the service. Weights decide how often. */
export const FAULTS = {
  good: 40,
  slow: 6,
  slowBody: 3,
  notConnected: 7,
  throttled: 5,
  bare429: 3,
  serverError: 7,
  clientError: 4,
  unauthorized: 3,
  lostBefore: 3,
  lostAfter: 6,
  silent: 3,
  halfBody: 3,
  garbage: 8,
  redirect: 2,
  saysItFailed: 2,
  /** It ran, and the answer holds a refusal that proves nothing. */
  unsure: 10,
} as const;
export type Fault = keyof typeof FAULTS;

/** An arrival as the dice fell for it, before the service looks at it. */
export interface Fate {
  fault: Fault;
  /** Whether the service runs it all the same, where the fault leaves that open. */
  runs: boolean;
  /** Milliseconds until it runs and is answered. */
  delay: number;
  /** Milliseconds between the parts of the body. */
  between: number;
  status: number;
  code: string;
  body: string | Uint8Array;
  /** Whether a byte order mark comes before the body. */
  marked: boolean;
  headers: Record<string, string>;
}

const NOT_CONNECTED = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
];
const LOST = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT", "ETIMEDOUT", ""];
const DATES = ["Fri, 02 Jan 2026 03:04:09 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"];
const RETRY_AFTER = ["0", "1", "3", "120", "-5", "1e9", "Infinity", "soon", "NaN", "0x10", " ", ...DATES];

/** Texts that come with a success status and are no usable answer. */
function garbage(random: Random, kind: Kind, maxBytes: number): string | Uint8Array {
  const value = kind === "rpc" ? '{"Response":{"RequestId":"r"' : '{"id":"r"';
  const close = kind === "rpc" ? "}}" : "}";
  return random.pick<() => string | Uint8Array>([
    () => "<html><body>Sign in</body></html>",
    () => `${value},"more":`,
    () => "null",
    () => '"text"',
    () => "[1,2",
    () => Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d),
    () => `${value},"n":9007199254740993${close}`,
    () => `${value},"n":-12345678901234567890${close}`,
    () => `${value},"n":1e999${close}`,
    () => `${value},"deep":${"[".repeat(3_000)}${"]".repeat(3_000)}${close}`,
    () => `${value},"long":"${"x".repeat(maxBytes)}"${close}`,
    () => "\u0000".repeat(40),
    () => (kind === "rpc" ? '{"Response":{"Error":{"Message":"no code"}}}' : "7"),
  ])();
}

export function drawFate(
  random: Random,
  kind: Kind,
  operation: Operation,
  { attemptMs, maxBytes }: { attemptMs: number; maxBytes: number },
): Fate {
  const fault = random.weighted(FAULTS);
  const fate: Fate = {
    fault,
    runs: random.chance(0.6),
    delay: random.chance(0.5) ? 0 : random.int(0, 40),
    between: 0,
    status: 200,
    code: "",
    body: "",
    marked: random.chance(0.05),
    headers: {},
  };
  if (random.chance(0.3)) fate.headers["retry-after"] = random.pick(RETRY_AFTER);
  if (random.chance(0.1)) fate.headers.date = random.pick(["garbage", "", ...DATES]);
  if (random.chance(0.1))
    fate.headers["content-type"] = random.pick(["text/html", "text/plain", "application/xml", ""]);
  if (random.chance(0.5)) fate.headers["x-request-id"] = `request-${random.int(1, 1e6)}`;
  switch (fault) {
    case "slow":
      fate.delay = random.int(0, attemptMs * 2);
      break;
    case "slowBody":
      fate.between = random.int(1, Math.ceil(attemptMs / 3));
      break;
    case "notConnected":
      fate.code = random.pick(NOT_CONNECTED);
      break;
    case "lostBefore":
    case "lostAfter":
      fate.code = random.pick(LOST);
      break;
    case "throttled":
      fate.status = kind === "rpc" ? 200 : random.pick([429, 503, 400]);
      fate.body = errorBody(kind, kind === "rpc" ? "RequestLimitExceeded" : "APIGW.0308");
      break;
    case "bare429":
      fate.status = 429;
      fate.body = random.pick(["", "<html>", errorBody(kind, "Other.Limit")]);
      break;
    case "serverError":
      fate.status = random.pick([408, 500, 501, 502, 503, 504, 507, 599]);
      fate.body = random.pick(["", "<html>", "{", errorBody(kind, "Server.1")]);
      break;
    case "clientError":
      fate.status = random.pick([400, 403, 404, 405, 409, 413, 421, 422, 451]);
      fate.body = random.pick(["", "<html>", "[[", errorBody(kind, "Client.1")]);
      break;
    case "unauthorized":
      fate.status = 401;
      fate.body = random.pick(["", "{}", errorBody(kind, "Auth.1")]);
      break;
    case "redirect":
      fate.status = random.pick([301, 302, 303, 307, 308]);
      fate.headers.location = random.pick(["https://elsewhere.example.net/", "/", "http://127.0.0.1:1/"]);
      break;
    case "saysItFailed":
      fate.status = kind === "rpc" ? 200 : 500;
      fate.body = errorBody(
        kind,
        random.pick(["InternalError.DbOperationFailed", "FailedOperation", "ServiceUnavailable"]),
      );
      break;
    case "garbage":
      fate.body = garbage(random, kind, maxBytes);
      break;
    case "unsure":
      Object.assign(fate, drawUnsure(random, kind, operation));
      break;
  }
  return fate;
}

export function errorBody(kind: Kind, code: string) {
  return kind === "rpc"
    ? JSON.stringify({ Response: { Error: { Code: code, Message: "no" }, RequestId: "r-1" } })
    : JSON.stringify({ error_code: code, error_msg: "no", request_id: "r-1" });
}

/** Whether the service answers as it documents; what comes of that on the way is another matter. */
export function isGood(fault: Fault) {
  return ["good", "slow", "slowBody", "halfBody"].includes(fault);
}

/** Whether the service runs an arrival that meets this fault. */
export function runsDespite({ fault, runs }: Fate) {
  if (isGood(fault) || fault === "lostAfter" || fault === "unsure") return true;
  if (["notConnected", "throttled", "clientError", "unauthorized", "lostBefore"].includes(fault)) return false;
  return runs;
}
