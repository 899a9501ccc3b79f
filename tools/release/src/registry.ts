import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";
import { installVerdaccio } from "./verdaccio.ts";

const PATIENCE = 30_000;
// The built one, also for tests, which run from the sources.
const server = fileURLToPath(new URL("../dist/registry-server.js", import.meta.url));

/** A registry on this machine that takes every package of the workspace, and passes on what it is asked for besides. */
export interface Registry {
  /** Ends with a slash. */
  readonly url: string;
  /**
   * The `.npmrc` with which npm, pnpm, bun and deno install from it, and with which npm publishes to it. Deno refuses
   * packages of less than a day besides: `--minimum-dependency-age=0`.
   */
  readonly npmrc: string;
  /** Ends the process and deletes what was published. */
  stop(): Promise<void>;
}

/**
 * Starts verdaccio on a free port of the loopback interface, empty. The first time it is installed, which takes a while.
 * It ends with this process, however that ends.
 * @throws if it does not answer within 30 s, with what it had to say
 */
export async function startRegistry({ progress }: { progress(line: string): void }): Promise<Registry> {
  const verdaccio = await installVerdaccio(progress);
  const folder = mkdtempSync(join(tmpdir(), "restorekit-registry-"));
  const config = join(folder, "verdaccio.yaml");
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(await configuration(folder)));
  mkdirSync(join(folder, "storage"));

  const child = fork(server, [verdaccio, config], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Not those of this process: with --eval it would start itself, again and again.
    execArgv: [],
  });
  let said = "";
  child.stdout?.on("data", (chunk) => (said += chunk));
  child.stderr?.on("data", (chunk) => (said += chunk));
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const stop = async () => {
    if (child.connected) child.disconnect();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const port = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`did not start within ${PATIENCE / 1000} s`)), PATIENCE);
      child.on("message", (message: { port: number }) => {
        clearTimeout(timer);
        resolve(message.port);
      });
      child.on("exit", (code) => {
        clearTimeout(timer);
        reject(new Error(`ended with ${code}`));
      });
    });
    const host = `127.0.0.1:${port}`;
    const url = `http://${host}/`;
    const answer = await fetch(new URL("-/ping", url), { signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(`answers ${answer.status}`);
    // Nobody has to log in, but npm publishes nothing without a token.
    return { url, npmrc: `registry=${url}\n//${host}/:_authToken=local\n`, stop };
  } catch (error) {
    await stop();
    throw new Error(`the local registry ${(error as Error).message}\n${said}`);
  }
}

/** Ours are only what was published here; the rest comes from the registry that this machine is set up for. */
async function configuration(folder: string) {
  const outside = (await run(["npm", "config", "get", "registry"])).trim();
  const ours = { access: "$all", publish: "$all", unpublish: "$all" };
  return {
    storage: join(folder, "storage"),
    uplinks: { outside: { url: outside, maxage: "60m", timeout: "20s" } },
    packages: { "@restorekit/*": ours, restorekit: ours, "**": { access: "$all", proxy: "outside" } },
    web: { enable: false },
    max_body_size: "20mb",
    log: { type: "stdout", format: "pretty", level: "warn", colors: false },
  };
}
