import { command } from "@restorekit/command";
import { Missing } from "./install.js";
import { measureLimiter } from "./limiter.js";
import { measureMemory } from "./memory.js";
import { peersFolder } from "./report-peers.js";
import { measureImports, measureSizes, sizeByModule } from "./size.js";
import { measureSpeed } from "./speed.js";
import { table } from "./tables.js";

// `pnpm bench`: size, import time, throughput, rates and memory of ours beside others, in one run on one machine. What it
// finds of a machine is good for ratios only, and a busy machine spoils even these.

const usage = `usage: bench [--quick] [--long] [--modules]
  --quick    fewer rounds, for CI
  --long     memory over 100,000 calls
  --modules  our bundle, module by module`;
const options = { quick: { type: "boolean" }, long: { type: "boolean" }, modules: { type: "boolean" } } as const;

const missed: string[] = [];

const kB = (bytes: number) => `${(bytes / 1000).toFixed(2)} kB`;
const MB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const times = (ratio: number) => `${ratio.toFixed(2)}×`;
const progress = (title: string) => (done: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r▸ ${title}: ${done} `);
};

function print(title: string, head: string[], rows: string[][]) {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  console.log(`\n## ${title}\n\n${table(head, rows).join("\n")}`);
}

function target(text: string, met: boolean) {
  if (!met) missed.push(text);
  return `${text}: ${met ? "met" : "missed"}`;
}

await command({ usage, options }, async ({ quick, long, modules }) => {
  say("peers");
  try {
    peersFolder();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`Nothing was measured, since there is nothing to measure beside: ${error.message}`);
    return 3;
  }

  say("size");
  const sizes = await measureSizes();
  const own = sizes.filter(({ name }) => name.startsWith("restorekit"));
  print(
    "Size of one signed operation, bundled by esbuild",
    ["", "platform", "minified", "gzip -9", "target"],
    sizes.map((row) => [
      row.name,
      row.platform,
      kB(row.minified),
      kB(row.gzip),
      own.includes(row) ? target("at most 6 kB", row.gzip <= 6000) : "",
    ]),
  );
  if (modules) {
    print(
      "Where the browser bundle's bytes are",
      ["module", "minified"],
      (await sizeByModule()).map(([file, bytes]) => [file, String(bytes)]),
    );
  }

  const runs = quick ? 5 : 21;
  say(`import time, ${runs} paired runs`);
  const imports = measureImports(runs, progress("import time, run"));
  print(
    "Import time over an empty process",
    ["", "ms", "target"],
    imports.map(({ name, ms }, index) => [name, ms.toFixed(1), index === 0 ? target("at most 15 ms", ms <= 15) : ""]),
  );

  const [rounds, calls] = quick ? [3, 400] : [11, 1500];
  say(`throughput, ${rounds} rounds of ${calls} calls each`);
  const ratio = await measureSpeed(rounds, calls, progress("throughput, round"));
  const pairs: [name: string, other: string, least?: number][] = [
    ["restorekit, read", "minimal signed fetch, read", 0.9],
    ["restorekit, read", "tencentcloud-sdk-nodejs, read"],
    ["restorekit, read", "Huawei SDK GeminiDB, read", 1],
    ["restorekit GeminiDB, read", "Huawei SDK GeminiDB, read", 1],
    ["restorekit over undici, read", "minimal signed fetch, read"],
    ["restorekit over undici, read", "tencentcloud-sdk-nodejs, read", 2],
    ["restorekit, write", "minimal signed fetch, write"],
    ["restorekit, write", "tencentcloud-sdk-nodejs, write"],
    ["restorekit over undici, write", "tencentcloud-sdk-nodejs, write"],
  ];
  print(
    "Throughput at 50 concurrent calls, one loopback server",
    ["", "beside", "ratio", "by processor time", "target"],
    pairs.map(([name, other, least]) => {
      const { ms, busyMs } = ratio(name, other);
      return [name, other, times(ms), times(busyMs), least ? target(`at least ${least}×`, ms >= least) : ""];
    }),
  );

  const seconds = quick ? 6 : 15;
  say(`rates under load, ${seconds} s each`);
  const rates = await measureLimiter(seconds * 1000, progress("rates, row"));
  print(
    "Rates under load, as a service counts them",
    ["rate", "ms there and back", "reached", "most in any window", "target"],
    rates.map(({ rate, way, share, least, most, allowed }) => [
      rate,
      way,
      `${(share * 100).toFixed(1)} %`,
      String(most),
      [
        target(`at most ${allowed}`, most <= allowed),
        ...(least ? [target(`at least ${least * 100} %`, share >= least)] : []),
      ].join("; "),
    ]),
  );

  const points = quick ? [1000, 3000] : [1000, 10_000, ...(long ? [100_000] : [])];
  say(`memory, up to ${points.at(-1)} calls`);
  const memory = await measureMemory(points, progress("memory, calls"));
  const base = memory[0]?.heap ?? 0;
  print(
    "Heap after a collection, every tenth call a write",
    ["calls", "heap", "beside the first", "open resources", "target"],
    memory.map(({ calls, heap, resources }, index) => [
      String(calls),
      MB(heap),
      times(heap / base),
      String(resources),
      index > 0 ? target("at most 1.1×", heap <= base * 1.1) : "",
    ]),
  );

  console.log(`\n${missed.length === 0 ? "Every target is met." : `Missed: ${missed.join("; ")}.`}`);
  return 0;
});

function say(what: string) {
  console.error(`▸ ${what}`);
}
