// A repository outside of the workspace that has installed the packed packages: what a user of codegen has.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lacksNetwork } from "../../workspace/network.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const example = join(root, "examples", "own-specs");
const services = ["huaweicloud-geminidb", "huaweicloud-rds", "identity", "opentelekomcloud-dcs", "tencentcloud-redis"];
/** The emulator needs the clients. */
const packed = ["tools/codegen", ...["core", "emulator", ...services].map((name) => `packages/${name}`)];

export interface Stranger {
  readonly folder: string;
  /** Runs a program of the repository, such as `npm`, and gives what it printed. */
  run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string };
}

/** The example, installed; or why it cannot be. */
export function install(): Stranger | string {
  const work = mkdtempSync(join(tmpdir(), "codegen-stranger-"));
  const folder = join(work, "own-specs");
  const skipped = ["node_modules", "dist"].map((name) => join(example, name));
  cpSync(example, folder, { recursive: true, filter: (file) => !skipped.includes(file) });
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const ours = Object.fromEntries(packed.map((path) => pack(path, join(work, "packed"))));
  for (const group of ["dependencies", "devDependencies"]) {
    for (const name of Object.keys(manifest[group])) manifest[group][name] = ours[name] ?? manifest[group][name];
  }
  manifest.devDependencies = { ...ours, ...manifest.devDependencies };
  for (const name of Object.keys(manifest.dependencies)) delete manifest.devDependencies[name];
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, undefined, 2));

  const run: Stranger["run"] = (program, ...args) => start(program, args, folder);
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, stdout, stderr } = run("npm", "install", ...flags);
  if (status === 0) return { folder, run };
  if (lacksNetwork(stderr) && process.env.CI !== "true") return "the npm registry is not reachable";
  throw new Error(`the packed packages do not install: ${stdout}${stderr}`);
}

function pack(path: string, destination: string): [name: string, file: string] {
  const { name } = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
  const out = join(destination, name.replace("/", "-"));
  mkdirSync(out, { recursive: true });
  const { status, stdout, stderr } = start("pnpm", ["pack", "--pack-destination", out], join(root, path));
  if (status !== 0) throw new Error(`${name} does not pack: ${stdout}${stderr}`);
  return [name, `file:${join(out, readdirSync(out)[0] as string)}`];
}

/** With the workspace's programs on the path only as far as they are needed to get out of it. */
function start(program: string, args: string[], cwd: string) {
  const bin = program === "pnpm" ? `${join(root, "node_modules", ".bin")}${delimiter}` : "";
  return spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: `${bin}${process.env.PATH}`, NODE_OPTIONS: "" },
  });
}
