import { Misuse } from "@restorekit/command";

/** A runtime that the packed client has to work on. */
export interface Runtime {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  readonly kind: "node" | "bun" | "deno" | "workerd" | "chromium";
  /** The npm package that ships its binary, at a fixed version. Chromium comes from the system. */
  readonly package?: string;
}

const node = (version: string): Runtime => ({
  name: `node${version.split(".")[0]}`,
  title: `Node ${version}`,
  kind: "node",
  package: `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}@${version}`,
});

export const RUNTIMES: readonly Runtime[] = [
  node("20.20.2"),
  node("22.23.3"),
  node("24.21.0"),
  node("26.10.0"),
  { name: "bun", title: "Bun 1.4.5", kind: "bun", package: "bun@1.4.5" },
  { name: "deno", title: "Deno 2.9.6", kind: "deno", package: "deno@2.9.6" },
  { name: "workerd", title: "workerd 1.20261117.1", kind: "workerd", package: "workerd@1.20261117.1" },
  { name: "chromium", title: "Chromium", kind: "chromium" },
];

const server = { writesAllowed: true, ownConnection: true, tellsRefusal: true, tls: true };

/** What a kind of runtime can show; the suite asks nothing else of it. */
export const ABILITIES: Record<Runtime["kind"], typeof server> = {
  node: server,
  bun: server,
  deno: server,
  // Its fetch pools connections, and reports a refused connection like one that broke.
  workerd: { ...server, ownConnection: false, tellsRefusal: false },
  chromium: { writesAllowed: false, ownConnection: false, tellsRefusal: false, tls: false },
};

/** The runtimes of these names, separated by commas; all of them without names. @throws {Misuse} */
export function chosen(only: string | undefined) {
  const names = only?.split(",");
  const unknown = names?.filter((name) => !RUNTIMES.some((runtime) => runtime.name === name)) ?? [];
  if (unknown.length > 0) throw new Misuse(`no runtime is called ${unknown.join(", ")}`);
  return RUNTIMES.filter(({ name }) => names?.includes(name) ?? true);
}

/** How `--only` and `--write` are told of. */
export const usageOf = (name: string) => `usage: ${name} [--only <runtime>,…] [--write]
  --only   only on these: ${RUNTIMES.map(({ name }) => name).join(", ")}
  --write  puts the tables into docs/runtimes.md, if every row is there and right`;

export const OPTIONS = { only: { type: "string" }, write: { type: "boolean" } } as const;
