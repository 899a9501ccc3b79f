import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** Installs packages into a project of their own, as a user does. @throws {RunError} */
export async function install(folder: string, dependencies: Record<string, string>, npmrc = ""): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  writeFileSync(join(folder, ".npmrc"), npmrc);
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await run(["npm", "install", ...quiet], { cwd: folder });
}

/** Every installed package: where it is, and what it calls itself. Two places with one name are two copies. */
export function installedIn(folder: string): { name: string; version: string; place: string }[] {
  const modules = join(folder, "node_modules");
  return placesIn(modules).flatMap((place) => {
    const { name, version } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    return [{ name, version, place }, ...installedIn(place)];
  });
}

/** What is wrong where each of these packages should be installed once, in its version. */
export function notOnce(folder: string, wanted: readonly { name: string; version: string }[]): string[] {
  const installed = installedIn(folder);
  return wanted.flatMap(({ name, version }) => {
    const copies = installed.filter((one) => one.name === name).map((one) => one.version);
    const right = copies.length === 1 && copies[0] === version;
    return right ? [] : [`${name}: ${copies.join(" and ") || "nothing"} instead of ${version}`];
  });
}

function placesIn(modules: string): string[] {
  return folders(modules).flatMap((name) => {
    if (name.startsWith(".")) return [];
    if (!name.startsWith("@")) return [join(modules, name)];
    return folders(join(modules, name)).map((inScope) => join(modules, name, inScope));
  });
}

function folders(parent: string) {
  try {
    return readdirSync(parent, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}
