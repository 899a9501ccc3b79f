import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What one consumer did with the published packages. */
export interface ConsumerRow {
  consumer: string;
  runtime: string;
  does: string;
  ok: boolean;
  ms: number;
  why?: string;
}

interface Consumers {
  consume(options: {
    registry: string;
    work: string;
    only?: string[];
    progress(line: string): void;
  }): Promise<ConsumerRow[]>;
}

const module = new URL("consumers/index.js", import.meta.url);

/** The consumers of examples/, where they are built. */
export async function consumers(): Promise<Consumers | undefined> {
  if (!existsSync(fileURLToPath(module))) return undefined;
  return import(module.href);
}
