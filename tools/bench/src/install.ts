import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Runtime } from "./runtime.js";

const bench = fileURLToPath(new URL("..", import.meta.url));
const root = join(bench, "..", "..");
const cache = join(root, "node_modules", ".cache", "restorekit-bench");

/** Why something is not to be had here; reported, never passed over. */
export class Missing extends Error {}

/** Installs packages at fixed versions into a folder of the cache, once. @throws {Missing} */
export function installed(name: string, packages: readonly string[]): string {
  const folder = join(cache, name);
  const stamp = join(folder, "installed");
  const wanted = packages.join("\n");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return folder;
  mkdirSync(folder, { recursive: true });
  npm(folder, packages);
  writeFileSync(stamp, wanted);
  return folder;
}

/** The runtime's binary. @throws {Missing} */
export function binaryOf(runtime: Runtime): string {
  if (runtime.kind !== "chromium") {
    const folder = installed(runtime.name, [runtime.package as string]);
    return join(folder, "node_modules", ".bin", runtime.kind);
  }
  const places = process.env.CHROMIUM ? [process.env.CHROMIUM] : ["/usr/bin/chromium", "/usr/bin/google-chrome"];
  const found = places.find((path) => existsSync(path));
  if (!found) throw new Missing("no Chromium: install the system's package, or set CHROMIUM to its path");
  return found;
}

/** What the runtime is called in a table; the system decides which Chromium it is. */
export function titleOf(runtime: Runtime): string {
  if (runtime.kind !== "chromium") return runtime.title;
  const [version = ""] = spawnSync(binaryOf(runtime), ["--version"], { encoding: "utf8" }).stdout.match(/\d+/) ?? [];
  return `${runtime.title} ${version}`;
}

/** Lays the suite into a folder outside the workspace, with the packed client as its only dependency. */
export function packedApp(): string {
  const app = mkdtempSync(join(tmpdir(), "restorekit-app-"));
  run(["npm", "pack", "--silent", "--pack-destination", app], join(root, "packages", "core"));
  const [tarball] = readdirSync(app).filter((file) => file.endsWith(".tgz"));
  npm(app, [`./${tarball}`]);
  cpSync(join(bench, "suite"), join(app, "suite"), { recursive: true });
  return app;
}

/** Bundles an entry of the suite as a bundler for that platform does. */
export function bundle(app: string, entry: string, conditions: string): string {
  const esbuild = join(installed("esbuild", ["esbuild@0.28.2"]), "node_modules", ".bin", "esbuild");
  const out = join(app, `${entry}.bundle.js`);
  const flags = [
    "--bundle",
    "--format=esm",
    "--platform=browser",
    `--conditions=${conditions}`,
    "--log-level=error",
    `--outfile=${out}`,
  ];
  run([esbuild, `suite/${entry}.js`, ...flags], app);
  return out;
}

/** A certificate authority and a server certificate of its own, and a server certificate that nobody vouches for. */
export function certificates(app: string) {
  const leaf = [
    "-subj",
    "/CN=127.0.0.1",
    "-addext",
    "subjectAltName=IP:127.0.0.1",
    "-addext",
    "basicConstraints=critical,CA:FALSE",
  ];
  const make = (name: string, args: string[]) => {
    const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", ...files, ...args], app);
    const read = (end: string) => readFileSync(join(app, `${name}.${end}`), "utf8");
    return { key: read("key"), cert: read("pem") };
  };
  make("authority", ["-subj", "/CN=authority"]);
  const trusted = make("trusted", [...leaf, "-CA", "authority.pem", "-CAkey", "authority.key"]);
  return { trusted, untrusted: make("untrusted", leaf) };
}

/** The peers' scripts, next to what they import. @throws {Missing} */
export function peerScript(name: string, packages: readonly string[]): string {
  const folder = installed(join("peers", name), packages);
  const script = join(folder, "peer.mjs");
  cpSync(join(bench, "peers", `${name}.js`), script);
  return script;
}

function npm(folder: string, packages: readonly string[]) {
  if (!existsSync(join(folder, "package.json")))
    writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  try {
    run(
      [
        "npm",
        "install",
        "--loglevel=error",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "--save-exact",
        ...packages,
      ],
      folder,
    );
  } catch (error) {
    throw new Missing(`npm cannot install ${packages.join(" ")}: ${(error as Error).message}`);
  }
}

function run([program = "", ...args]: string[], cwd: string) {
  const { status, error, stderr, stdout } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? `${stderr}${stdout}`.trim()}`);
}
