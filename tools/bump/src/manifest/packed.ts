// What a package.json says once it is packed: as the packing hook leaves it, with the versions that the catalogs stand for.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject } from "../spec/json.js";

export type Fields = Readonly<Record<string, unknown>>;
type Versions = Readonly<Record<string, string>>;
/** The versions of each catalog by its name. */
type Catalogs = Readonly<Record<string, Versions>>;

export const SETTINGS = "pnpm-workspace.yaml";

/** Undefined where there is no such package. @throws where it cannot be read, with its name */
export function manifestOf(root: string, folder: string): Fields | undefined {
  const file = join(root, folder, "package.json");
  if (!existsSync(file)) return undefined;
  const manifest = readAs(file, JSON.parse);
  if (!isObject(manifest)) throw new Error(`${file}: is no manifest`);
  return manifest;
}

/** What the workspace sets for all its packages; nothing where it sets nothing. @throws as above */
export function settingsOf(root: string): Fields {
  const file = join(root, SETTINGS);
  const settings = existsSync(file) ? (readAs(file, parse) ?? {}) : {};
  if (!isObject(settings)) throw new Error(`${file}: holds no settings`);
  return settings;
}

function readAs(file: string, read: (text: string) => unknown): unknown {
  try {
    return read(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message.split("\n")[0]}`);
  }
}

function catalogsOf(root: string): Catalogs {
  const { catalog, catalogs } = settingsOf(root) as { catalog?: Versions; catalogs?: Catalogs };
  return { ...catalogs, default: { ...catalogs?.default, ...catalog } };
}

/** What packing makes of a manifest, whatever stands in it. */
type Hook = (manifest: Fields) => Fields;

/** Where a checkout says what packing leaves out. */
export const HOOKS = "tools/release/packing.cjs";

/** The hook of a checkout, which is run as packing runs it; without one everything is packed. @throws where it makes no manifest */
function hookOf(root: string): Hook {
  const file = join(root, HOOKS);
  if (!existsSync(file)) return (manifest) => manifest;
  const require = createRequire(file);
  // As it is now, also for who asks twice.
  delete require.cache[require.resolve(file)];
  const { hooks } = require(file) as { hooks?: { beforePacking?: (manifest: Fields) => unknown } };
  return (manifest) => {
    const made = hooks?.beforePacking === undefined ? manifest : hooks.beforePacking(manifest);
    // Of a promise there would be nothing to compare, and so never a difference.
    if (!isObject(made) || made.name !== manifest.name) throw new Error(`${file}: beforePacking gives no manifest`);
    return made;
  };
}

/** What a checkout makes of the manifests of its packages. */
interface Packing {
  readonly catalogs: Catalogs;
  readonly hook: Hook;
  /** What the workspace itself installs, which some packages are built with. */
  readonly shared: Versions;
}

export const packingOf = (root: string): Packing => ({
  catalogs: catalogsOf(root),
  hook: hookOf(root),
  shared: (manifestOf(root, ".")?.devDependencies ?? {}) as Versions,
});

/** Other versions of these write another `dist`. */
const builders = ["typescript", "rolldown"];
const needs = ["dependencies", "peerDependencies", "optionalDependencies"];

/** The version itself means nothing to users, nor do scripts and development dependencies that packing leaves out, but for those that build. */
export function packed(manifest: Fields, { catalogs, hook, shared }: Packing): Fields {
  const { version: _, ...rest } = hook(manifest);
  const { scripts, devDependencies } = manifest;
  const build = (scripts as Versions | undefined)?.build;
  const installed = build?.includes("../../node_modules/") ? shared : devDependencies;
  const tools = Object.entries(resolved(installed, catalogs)).filter(([name]) => builders.includes(name));
  const built = { build, ...Object.fromEntries(tools) };
  const lists = needs.flatMap((key) => (key in rest ? [[key, resolved(rest[key], catalogs)]] : []));
  return { ...rest, ...Object.fromEntries(lists), "built with": built };
}

function resolved(list: unknown, catalogs: Catalogs): Versions {
  const entries = Object.entries((list ?? {}) as Versions).map(([name, range]) => {
    const [, catalog] = /^catalog:(.*)$/.exec(range) ?? [];
    return [name, catalog === undefined ? range : (catalogs[catalog || "default"]?.[name] ?? range)];
  });
  return Object.fromEntries(entries);
}
