import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  compileService,
  emitService,
  type GeneratedFiles,
  type Problem,
  type SourceFile,
  SpecError,
} from "@restorekit/codegen";
import type { Bundle } from "./bundle.js";
import { loadLedger } from "./bundles.js";
import type { Generated } from "./clients.js";
import { runContract } from "./suite.js";

export interface Verdict {
  problems: string[];
  /** What codegen made of the sources, by file name; nothing where they do not compile. */
  files: GeneratedFiles;
}

/**
 * Generates a service from its sources, in memory but for the operations table, and holds the result against the
 * contract.
 * @param found what was already wrong when the folder was read
 * @param work a folder for that table
 * @param name tells the tables of one service apart
 */
export async function judge(
  service: string,
  { sources, found, work, name }: { sources: SourceFile[]; found?: Problem[]; work: string; name: string },
): Promise<Verdict> {
  try {
    const files = await emitService(service, compileService(service, sources, found));
    const file = join(work, `${service}-${name}.ts`);
    writeFileSync(file, files.get("operations.ts") ?? "");
    const generated = (await import(pathToFileURL(file).href)) as Generated;
    const bundle = JSON.parse(files.get("openapi.json") ?? "") as Bundle;
    return { problems: await runContract(service, bundle, generated, loadLedger(service)), files };
  } catch (error) {
    // Anything else is a fault of ours and no verdict.
    if (!(error instanceof SpecError)) throw error;
    return { problems: [...error.lines], files: new Map() };
  }
}
