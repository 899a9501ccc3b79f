import type { Operation } from "@restorekit/core";
import { CallError } from "@restorekit/core";
import type { Account } from "./ledger.js";

/** What is counted; each must stay 0. */
export const RULES = [
  "duplicates",
  "hangs",
  "unclassified",
  "false no",
  "wrong results",
  "late",
  "leaks",
  "over the rate",
] as const;
export type Rule = (typeof RULES)[number];

export interface Violation {
  rule: Rule;
  detail: string;
}

/** How a call ended, as its caller saw it. */
export type Ending = { value: unknown } | { error: unknown } | undefined;

/** Arrivals after which a write may arrive again: the service documents that such a one never ran. */
const NEVER_RAN = ["throttled"];

/** Arrivals that may be told as refused; nothing else that arrived is proof that nothing ran, even where nothing did. */
const REFUSED = [...NEVER_RAN, "clientError", "unauthorized", "skewed", "expired"];

/** Holds the client's word on one call against what the service knows. */
export function* judgeCall(operation: Operation, account: Account, ending: Ending): Generator<Violation> {
  const write = operation.effect !== "read";
  if (write && account.executions > 1) {
    yield { rule: "duplicates", detail: `ran ${account.executions} times: ${account.arrivals.join(", ")}` };
  }
  const early = account.arrivals.slice(0, -1).find((arrival) => !NEVER_RAN.includes(arrival));
  if (write && early) {
    yield { rule: "duplicates", detail: `arrived again after ${early}: ${account.arrivals.join(", ")}` };
  }
  if (!ending) {
    yield { rule: "hangs", detail: "never ended" };
  } else if ("error" in ending) {
    yield* judgeError(account, ending.error);
  } else {
    yield* judgeValue(operation, account, ending.value);
  }
}

function* judgeError(account: Account, error: unknown): Generator<Violation> {
  if (!(error instanceof CallError)) {
    yield { rule: "unclassified", detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    return;
  }
  const { executed, why } = error;
  if (!["no", "maybe"].includes(executed) || typeof why !== "string" || why === "") {
    yield { rule: "unclassified", detail: `${error.message} lacks executed or why` };
  }
  if (executed === "no" && account.executions > 0) {
    yield { rule: "false no", detail: `${error.message}, but ran after ${account.arrivals.join(", ")}` };
  }
  const unproven = account.arrivals.find((arrival) => !REFUSED.includes(arrival));
  if (executed === "no" && account.executions === 0 && unproven) {
    yield { rule: "false no", detail: `${error.message}: right by luck, after ${unproven}` };
  }
}

function* judgeValue(operation: Operation, account: Account, value: unknown): Generator<Violation> {
  if (value === undefined) {
    if (!operation.empty || account.executions === 0) yield { rule: "wrong results", detail: "no result" };
    return;
  }
  const text = JSON.stringify(strip(value));
  if (!account.answers.includes(text)) yield { rule: "wrong results", detail: text.slice(0, 200) };
}

function strip(value: unknown) {
  const { RequestId: _, ...rest } = value as Record<string, unknown>;
  return rest;
}
