import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedSet } from "./pack.ts";
import { install, notOnce } from "./project.ts";
import { ended } from "./run.ts";
import type { Unpacked } from "./unpack.ts";

/** What publint and attw say against a tarball. */
export async function lint(name: string, file: string): Promise<string[]> {
  const commands = [
    ["publint", file, "--strict"],
    ["attw", file, "--profile", "esm-only", "--format", "ascii"],
  ];
  const results = await Promise.all(commands.map((command) => ended(command)));
  return results.flatMap(({ code, output }, at) => (code === 0 ? [] : [`${name}: ${commands[at]?.[0]}\n${output}`]));
}

/**
 * Installs the tarballs with their optional peers, which stand behind exports of their own, and imports every export.
 * @throws {RunError} if they do not install
 */
export async function installTogether(set: PackedSet, unpacked: readonly Unpacked[], project: string) {
  const peers = unpacked.map(({ manifest }) => (manifest.peerDependencies ?? {}) as Record<string, string>);
  const tarballs = set.packages.map(({ name, file }) => [name, `file:${join(set.folder, file)}`]);
  await install(project, Object.assign({}, ...peers, Object.fromEntries(tarballs)), "prefer-offline=true\n");
  const specifiers = unpacked.flatMap(({ packed, manifest }) => {
    return Object.keys(manifest.exports ?? {}).map((key) => packed.name + key.slice(1));
  });
  const program = specifiers.map((specifier) => {
    const options = specifier.endsWith(".json") ? `, { with: { type: "json" } }` : "";
    return `await import(${JSON.stringify(specifier)}${options});`;
  });
  writeFileSync(join(project, "import.mjs"), program.join("\n"));
  const imported = await ended([process.execPath, "import.mjs"], { cwd: project });
  const wrong = notOnce(project, set.packages).map((line) => `installed together: ${line}`);
  if (imported.code !== 0) wrong.push(`an export cannot be imported\n${imported.output}`);
  return {
    wrong,
    said: `${set.packages.length} packages install together; ${specifiers.length} exports can be imported`,
  };
}
