// The public surface of one entry point, as api-extractor reads it from the built declarations.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import type { Package } from "../workspace.js";

export interface EntryPoint {
  /** What a consumer imports, such as "restorekit/fleet". */
  readonly specifier: string;
  /** The declarations, from the package's folder. */
  readonly types: string;
}

export function entryPointsOf({ name, manifest }: Package): EntryPoint[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([key, target]) => {
    const types = typeof target === "object" ? target.types : undefined;
    return types === undefined ? [] : [{ specifier: name + key.slice(1), types }];
  });
}

/** @throws where the declarations are missing or cannot be understood */
export function extract(root: string, { folder, manifest }: Package, { specifier, types }: EntryPoint): string {
  const out = mkdtempSync(join(tmpdir(), "restorekit-api-"));
  try {
    const projectFolder = join(root, folder);
    const entry = join(projectFolder, types);
    const quiet = { default: { logLevel: ExtractorLogLevel.None } };
    const config = ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(projectFolder, "package.json"),
      packageJson: manifest as never,
      configObject: {
        projectFolder,
        mainEntryPointFilePath: entry,
        newlineKind: "lf",
        compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
        apiReport: {
          enabled: true,
          // A type that no entry point exports can still change under those that are.
          includeForgottenExports: true,
          reportFolder: out,
          reportTempFolder: join(out, "temp"),
          reportFileName: "report",
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: quiet,
          extractorMessageReporting: quiet,
          tsdocMessageReporting: quiet,
        },
      },
    });
    const said: string[] = [];
    const { succeeded } = Extractor.invoke(config, {
      localBuild: true,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) said.push(message.formatMessageWithoutLocation());
        message.handled = true;
      },
    });
    if (!succeeded) throw new Error(`${specifier}: ${said.join("; ") || "its declarations cannot be read"}`);
    return readFileSync(join(out, "report.api.md"), "utf8");
  } finally {
    rmSync(out, { recursive: true });
  }
}

const compilerOptions = {
  target: "es2023",
  lib: ["es2024", "dom", "dom.iterable", "dom.asynciterable"],
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  skipLibCheck: true,
  types: ["node"],
};
