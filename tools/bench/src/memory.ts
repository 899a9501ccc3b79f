import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startServer } from "./speed.js";

export interface MemoryPoint {
  calls: number;
  /** Bytes in use after a collection. */
  heap: number;
  /** Open sockets, timers and the like. */
  resources: number;
}

/** The heap of one client's process after so many calls. */
export async function measureMemory(
  points: readonly number[],
  progress: (calls: number) => void,
): Promise<MemoryPoint[]> {
  const server = await startServer();
  const worker = fileURLToPath(new URL("./memory-worker.js", import.meta.url));
  const child = fork(worker, [server.origin, ...points.map(String)], { execArgv: ["--expose-gc"] });
  const seen: MemoryPoint[] = [];
  child.on("message", (point: MemoryPoint) => {
    seen.push(point);
    progress(point.calls);
  });
  const [code] = await once(child, "exit");
  server.stop();
  if (code !== 0) throw new Error(`the memory run ended with exit code ${code}`);
  return seen;
}
