import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who holds a lock, in as much as a later process needs to tell whether he still lives. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, by the kernel's count; a pid alone may have been given to another process since. */
  readonly start?: string | undefined;
  /** The run of the machine, from start to start. */
  readonly boot?: string | undefined;
  readonly machine?: string | undefined;
  /** Pids mean something only within one namespace: containers have their own. */
  readonly namespace?: string | undefined;
}

const told = (read: () => string) => {
  try {
    return read().trim() || undefined;
  } catch {
    return undefined;
  }
};

/** When a process began. Only Linux tells. */
function startOf(pid: number) {
  // The name of the process, in brackets, may hold anything; the fields after it do not.
  return told(() => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ")[19] ?? "");
}

export function thisProcess(): Holder {
  return {
    host: hostname(),
    pid: process.pid,
    start: startOf(process.pid),
    boot: told(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    machine: told(() => readFileSync("/etc/machine-id", "utf8")),
    namespace: told(() => readlinkSync("/proc/self/ns/pid")),
  };
}

/** Whether a holder is certainly gone; undefined where nothing proves either. */
export function isGone(holder: Holder): boolean | undefined {
  const here = thisProcess();
  if (holder.host !== here.host) return undefined;
  if (holder.boot !== here.boot) {
    // One machine that was started again has lost its processes; two may share a name, and containers of one image the id.
    const same = holder.machine !== undefined && holder.machine === here.machine && holder.namespace === here.namespace;
    return same && holder.boot && here.boot ? true : undefined;
  }
  if (holder.namespace !== here.namespace) return undefined;
  if (!lives(holder.pid)) return true;
  const start = startOf(holder.pid);
  return holder.start !== undefined && start !== undefined && holder.start !== start;
}

function lives(pid: number) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
