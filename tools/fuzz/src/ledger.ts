import type { Fault } from "./faults.js";

/** What the service knows of one call: the truth that the client's word is held against. */
export interface Account {
  /** Arrivals in order, by what became of them; attempts that never connected are no arrivals. */
  arrivals: (Fault | "skewed" | "expired")[];
  executions: number;
  /** Good answers that were sent, as JSON. */
  answers: string[];
  /** Connections that are still open. */
  open: number;
}

export type Ledger = Map<string, Account>;

export function accountOf(ledger: Ledger, instance: string): Account {
  let account = ledger.get(instance);
  if (!account) {
    account = { arrivals: [], executions: 0, answers: [], open: 0 };
    ledger.set(instance, account);
  }
  return account;
}
