import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RUNTIMES, type Runtime } from "@restorekit/bench/runtime";

/** A folder of `examples/`, as its `example.json` and its README declare it. */
export interface Example {
  readonly name: string;
  readonly folder: string;
  /** One line: what it shows. */
  readonly does: string;
  readonly runtimes: readonly Runtime[];
  /** Versions of one dependency to try in turn, such as `typescript@5.9.3`. */
  readonly versions: readonly string[];
  /** The first line of the README's first `sh` block. */
  readonly install: string;
  /** Its other lines: they rehearse the example, and have to succeed. */
  readonly rehearse: string;
}

/** All examples in a folder, by name. @throws naming the file and field that is wrong */
export function readExamples(folder: string): Example[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readExample(join(folder, name), name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function readExample(folder: string, name: string): Example {
  const wrong = (file: string, what: string) => new Error(`${join(folder, file)}: ${what}`);
  for (const file of ["example.json", "README.md"])
    if (!existsSync(join(folder, file))) throw wrong(file, "is missing");

  const { does, runtimes, with: versions = [], ...rest } = declared();
  if (typeof does !== "string" || !does || does.includes("\n")) throw wrong("example.json", "does is not one line");
  if (!isTexts(runtimes) || runtimes.length === 0) throw wrong("example.json", "runtimes is no list of names");
  if (!isTexts(versions) || !versions.every((one) => /^.+@.+$/.test(one))) {
    throw wrong("example.json", "with is no list of dependencies such as typescript@5.9.3");
  }
  const [unknown] = Object.keys(rest);
  if (unknown) throw wrong("example.json", `${unknown} is unknown; there are does, runtimes and with`);

  const block = /^```sh\n(.*?)^```$/ms.exec(readFileSync(join(folder, "README.md"), "utf8"))?.[1] ?? "";
  const [install = "", ...lines] = block.trim().split("\n");
  if (!install || lines.length === 0) throw wrong("README.md", "the first sh block does not install and then rehearse");
  return { name, folder, does, runtimes: runtimes.map(runtimeOf), versions, install, rehearse: lines.join("\n") };

  function declared(): Record<string, unknown> {
    try {
      return JSON.parse(readFileSync(join(folder, "example.json"), "utf8"));
    } catch (error) {
      throw wrong("example.json", (error as Error).message);
    }
  }

  function runtimeOf(wanted: string) {
    const found = RUNTIMES.find((runtime) => runtime.name === wanted);
    if (found) return found;
    const known = RUNTIMES.map((runtime) => runtime.name).join(", ");
    throw wrong("example.json", `runtimes has ${wanted}; there are ${known}`);
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
