// The public surface of one entry point, as api-extractor reads it from the built declarations.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import type { Package, Target } from "../workspace.js";

export interface EntryPoint {
  /** What a consumer imports, such as "restorekit/fleet". */
  readonly specifier: string;
  /** The declarations, from the package's folder. */
  readonly types: string;
}

/** @throws where an entry point has no declarations */
export function entryPointsOf({ name, manifest }: Package): EntryPoint[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([key, target]) => {
    if (typeof target === "string" && target.endsWith(".json")) return [];
    const types = typesOf(target);
    if (types === undefined) throw new Error(`${name}: the entry point ${key} has no types`);
    return [{ specifier: name + key.slice(1), types }];
  });
}

/** Under `types`, of the first condition that has them, or beside the program. */
function typesOf(target: Target): string | undefined {
  if (target === null) return undefined;
  if (typeof target === "string")
    return /\.[cm]?js$/.exec(target) ? target.replace(/\.([cm]?)js$/, ".d.$1ts") : undefined;
  if (typeof target.types === "string") return target.types;
  for (const inner of Object.values(target)) {
    const found = typesOf(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What each entry point of a package declares, in their order. They are compiled together: most is in all of them.
 * @throws where the declarations are missing or cannot be understood
 */
export function extract(root: string, { folder, manifest }: Package, entries: readonly EntryPoint[]): string[] {
  const out = mkdtempSync(join(tmpdir(), "restorekit-api-"));
  try {
    const projectFolder = join(root, folder);
    const files = entries.map(({ types }) => join(projectFolder, types));
    const configs = files.map((file) => configOf(projectFolder, manifest, { file, files, out }));
    const [first] = configs;
    if (first === undefined) return [];
    const compilerState = CompilerState.create(first, { additionalEntryPoints: files });
    return configs.map((config, at) => {
      const said: string[] = [];
      const { succeeded } = Extractor.invoke(config, {
        localBuild: true,
        compilerState,
        messageCallback: (message) => {
          if (message.logLevel === ExtractorLogLevel.Error) said.push(message.formatMessageWithoutLocation());
          message.handled = true;
        },
      });
      if (!succeeded)
        throw new Error(`${entries[at]?.specifier}: ${said.join("; ") || "its declarations cannot be read"}`);
      return readFileSync(join(out, "report.api.md"), "utf8");
    });
  } finally {
    rmSync(out, { recursive: true });
  }
}

function configOf(
  projectFolder: string,
  manifest: object,
  { file, files, out }: { file: string; files: readonly string[]; out: string },
) {
  const quiet = { default: { logLevel: ExtractorLogLevel.None } };
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, "package.json"),
    packageJson: manifest as never,
    configObject: {
      projectFolder,
      mainEntryPointFilePath: file,
      newlineKind: "lf",
      compiler: { overrideTsconfig: { compilerOptions, files } },
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
