// What a package.json says once it is packed: with the versions that the workspace's catalogs stand for.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export type Fields = Readonly<Record<string, unknown>>;
type Versions = Readonly<Record<string, string>>;
/** The versions of each catalog by its name. */
export type Catalogs = Readonly<Record<string, Versions>>;

/** Undefined where there is no such package. */
export function manifestOf(root: string, folder: string): Fields | undefined {
  const file = join(root, folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Fields) : undefined;
}

export function catalogsOf(root: string): Catalogs {
  const file = join(root, "pnpm-workspace.yaml");
  if (!existsSync(file)) return {};
  const { catalog, catalogs } = (parse(readFileSync(file, "utf8")) ?? {}) as {
    catalog?: Versions;
    catalogs?: Catalogs;
  };
  return { ...catalogs, default: { ...catalogs?.default, ...catalog } };
}

/** Other versions of these write another `dist`. */
const builders = ["typescript", "rolldown"];
const needs = ["dependencies", "peerDependencies", "optionalDependencies"];

/** Scripts, development dependencies and the version itself mean nothing to users, but for those that build. */
export function packed(manifest: Fields, catalogs: Catalogs): Fields {
  const { version: _, scripts, devDependencies, ...rest } = manifest;
  const tools = Object.entries(resolved(devDependencies, catalogs)).filter(([name]) => builders.includes(name));
  const built = { build: (scripts as Versions | undefined)?.build, ...Object.fromEntries(tools) };
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
