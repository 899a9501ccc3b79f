import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { OpenApi } from "../openapi.js";
import { operationsOf } from "../reach.js";
import { type Outcome, run } from "./command.js";

export interface Language {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  /** Compiles a generated client; cheap ones are always run, the others on demand. */
  readonly compile: { readonly program: string; readonly args: readonly string[]; readonly onDemand: boolean };
}

// Without the first, Java's files carry a time stamp; without the second, Go and Python refuse unknown properties.
const common = { hideGenerationTimestamp: "true", disallowAdditionalPropertiesIfNotPresent: "false" };

export const languages: readonly Language[] = [
  {
    name: "python",
    options: common,
    compile: { program: "python3", args: ["-m", "compileall", "-q", "."], onDemand: false },
  },
  { name: "go", options: common, compile: { program: "go", args: ["build", "./..."], onDemand: true } },
  {
    name: "java",
    // Otherwise [] and {} are sent for what a caller never set.
    options: { ...common, library: "native", containerDefaultToNull: "true" },
    compile: { program: "mvn", args: ["-q", "-B", "-DskipTests", "package"], onDemand: true },
  },
];

/** Arguments of the engine that write one client. */
export function generateArguments(language: Language, bundle: string, out: string): string[] {
  const options = Object.entries(language.options).map(([key, value]) => `${key}=${value}`);
  return [
    ["generate", "--generator-name", language.name, "--input-spec", bundle, "--output", out],
    ["--global-property", "apiDocs=false,modelDocs=false,apiTests=false,modelTests=false"],
    ["--additional-properties", options.join(",")],
  ].flat();
}

export function compileClient(language: Language, folder: string): Promise<Outcome> {
  return run(language.compile.program, language.compile.args, folder);
}

/** Operations of the bundle that the engine left out; the Python client shows each with its method and path. */
export async function leftOut(bundle: OpenApi, folder: string): Promise<string[]> {
  const apis = join(folder, "openapi_client", "api");
  const files = (await readdir(apis)).filter((name) => name.endsWith(".py"));
  const code = (await Promise.all(files.map((name) => readFile(join(apis, name), "utf8")))).join("\n");
  const operations = operationsOf(bundle).filter(({ method, path }) => {
    const call = `method='${method.toUpperCase()}',\n            resource_path='${path}',`;
    return !code.includes(call);
  });
  return operations.map(({ operation }) => operation.operationId);
}
