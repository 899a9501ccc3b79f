import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const here = fileURLToPath(new URL("..", import.meta.url));
const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const folder = `${here}node_modules/.cache/types`;

const options = {
  target: "es2023",
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  lib: ["es2023", "dom", "dom.iterable"],
};

/** Writes a file beside the package's dependencies, so that it sees the packages as a consumer does. */
export function place(name: string, text: string) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}`, text);
  return `${folder}/${name}`;
}

/** Compiles files as a strict consumer would; nothing is written. */
export function compile(name: string, files: string[]) {
  const config = place(`${name}.json`, JSON.stringify({ compilerOptions: options, files }));
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", config, "--pretty", "false"], {
    encoding: "utf8",
  });
  return { status, stdout };
}
