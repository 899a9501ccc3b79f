import type { Bundle } from "./bundle.js";
import { type Generated, unpackaged } from "./clients.js";
import { checkExamples } from "./examples.js";
import { compareLedger, type Ledger } from "./ledger.js";
import { checkTable } from "./table.js";
import { checkWire } from "./wire.js";

/** The contract of one service, cheap checks first. Returns the first check's problems, or none. */
export async function runContract(
  name: string,
  bundle: Bundle,
  generated: Generated,
  ledger: Ledger,
): Promise<string[]> {
  const checks = [
    () => compareLedger(bundle, ledger),
    () => checkTable(generated, ledger),
    () => checkExamples(name, bundle).problems,
    async () => (await checkWire(name, bundle, unpackaged(generated))).problems,
  ];
  for (const check of checks) {
    const problems = await check();
    if (problems.length > 0) return problems;
  }
  return [];
}
