import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { binaryOf, bundle, type certificates } from "./install.js";
import { openLab } from "./lab.js";
import { ABILITIES, type Runtime } from "./runtime.js";

export interface Job {
  name: "behaviour" | "resend";
  app: string;
  identities: ReturnType<typeof certificates>;
}

/** Longest time for a whole job, and from its report to the end of the process. */
const LIMIT_MS = 120_000;
const LINGER_MS = 3_000;

/** Does a job on a runtime. @returns its report, and whether the process ended by itself afterwards */
export async function launch(
  runtime: Runtime,
  { name, app, identities }: Job,
): Promise<{ report: unknown; lingers: boolean }> {
  const binary = binaryOf(runtime);
  const page = runtime.kind === "chromium" ? bundle(app, "page", "module,browser,production") : undefined;
  const lab = await openLab({ identities, page, config: { job: name, ...ABILITIES[runtime.kind] } });
  const child = start(runtime, binary, app, lab.url);
  try {
    const report = await within(LIMIT_MS, lab.report, child);
    // A browser stays open; anything else has to end when its work is done.
    const lingers = runtime.kind !== "chromium" && child.exitCode === null && !(await endsWithin(LINGER_MS, child));
    return { report, lingers };
  } finally {
    if (child.exitCode === null && child.pid) process.kill(-child.pid, "SIGKILL");
    await lab.close();
  }
}

function start({ kind }: Runtime, binary: string, app: string, lab: string): ChildProcess {
  const authority = join(app, "authority.pem");
  const cli = join(app, "suite", "cli.js");
  const commands: Record<Runtime["kind"], () => string[]> = {
    node: () => [cli, lab],
    bun: () => ["run", "--no-install", cli, lab],
    // No more permissions than the client needs.
    deno: () => ["run", "--no-prompt", "--node-modules-dir=manual", "--allow-net", "--cert", authority, cli, lab],
    workerd: () => ["test", workerConfig(app, lab)],
    chromium: () => [
      ...[
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
      ],
      ...["--remote-debugging-port=0", `--user-data-dir=${join(app, "profile")}`, lab],
    ],
  };
  // Deno asks for another permission where this variable is set; it takes the authority as an argument.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: kind === "deno" ? undefined : authority };
  return spawn(binary, commands[kind](), { cwd: app, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
}

/** A Worker as it is deployed: bundled, without Node's modules. */
function workerConfig(app: string, lab: string): string {
  bundle(app, "worker", "workerd,worker,browser");
  const file = join(app, "worker.capnp");
  writeFileSync(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .main), (name = "internet", network = .network)]);
const network :Workerd.Network = (allow = ["local", "public"], tlsOptions = (trustedCertificates = [embed "authority.pem"]));
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.bundle.js")],
  bindings = [(name = "LAB", text = "${lab}")],
  compatibilityDate = "2026-11-01",
);
`,
  );
  return file;
}

async function within(ms: number, report: Promise<unknown>, child: ChildProcess) {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => (said = `${said}${chunk}`.slice(-2000)));
  let timer: NodeJS.Timeout | undefined;
  const failure = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no report within ${ms / 1000} s\n${said}`)), ms);
    child.once("error", reject);
    // What it reported last may still be on its way.
    child.once("exit", (code) => setTimeout(() => reject(new Error(`ended with ${code} and no report\n${said}`)), 500));
  });
  try {
    return await Promise.race([report, failure]);
  } finally {
    clearTimeout(timer);
    failure.catch(() => {});
  }
}

function endsWithin(ms: number, child: ChildProcess) {
  const signal = AbortSignal.timeout(ms);
  return once(child, "exit", { signal }).then(
    () => true,
    () => false,
  );
}
