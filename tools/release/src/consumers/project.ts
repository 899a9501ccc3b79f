import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import type { Example } from "./example.ts";

/** What a run of an example leaves behind; a copy starts without. */
const LEFT_BEHIND = /^(node_modules|dist|intents|package-lock\.json|bun\.lock|deno\.lock|\.npmrc)$/;
/**
 * What a consumer must not get from here: settings of the package manager that started this, and certificates, for which
 * Deno asks for more permissions; all it installs comes from this machine.
 */
const FOREIGN = /^(npm_|pnpm_|vitest|node_options$|node_path$|node_env$|node_extra_ca_certs$|force_color$|init_cwd$)/i;

/** Copies an example, with a dependency at another version if one is named, and points it to the registry. */
export function copyExample(
  { folder, name }: Example,
  { version, into, registry }: { version: string | undefined; into: string; registry: string },
) {
  cpSync(folder, into, { recursive: true, filter: (path) => path === folder || !LEFT_BEHIND.test(basename(path)) });
  const settings = [`registry=${registry}`, "audit=false", "fund=false", "update-notifier=false"];
  writeFileSync(join(into, ".npmrc"), `${settings.join("\n")}\n`);
  if (version === undefined) return;

  const file = join(into, "package.json");
  const [, dependency = "", wanted = ""] = /^(.+)@(.+)$/.exec(version) ?? [];
  const manifest = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const place = [manifest.dependencies, manifest.devDependencies].find((one) => one?.[dependency] !== undefined);
  if (!place) throw new Error(`${name}/example.json: with names ${version}, but nothing depends on ${dependency}`);
  place[dependency] = wanted;
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
}

/** The environment of a consumer: nothing of the workspace; the given programs before all others. */
export function environmentOf(programs: readonly string[], workspace: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const path = (process.env.PATH ?? "").split(delimiter).filter((place) => !`${place}/`.startsWith(`${workspace}/`));
  return {
    ...Object.fromEntries(kept),
    PATH: [...programs.map((program) => dirname(program)), ...path].join(delimiter),
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
  };
}

/** Deno takes no package of less than a day by itself. */
export function installCommand(install: string) {
  return install.startsWith("deno install") ? `${install} --minimum-dependency-age=0` : install;
}
