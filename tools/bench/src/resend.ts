// `pnpm bench:resend`: how often one write arrives, here and elsewhere.
// Exit: 0, 1 if one of our own rows is not as promised, 3 if a runtime or a peer is missing.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "@restorekit/command";
import { certificates, Missing, packedApp, titleOf } from "./install.js";
import { type Job, launch } from "./launch.js";
import { countPeer, countWrites, FAULTS, PEERS } from "./peers.js";
import { ABILITIES, chosen, OPTIONS, type Runtime, usageOf } from "./runtime.js";
import { table, writeTable } from "./tables.js";

/** By kind of write, then by column. */
type Counts = Record<string, Record<string, { times: number; outcome: string | number }>>;
type Report = { plain: Counts; ours: Counts; allowed?: Counts };

let broken = 0;
let missing = 0;

await command({ usage: usageOf("bench:resend"), options: OPTIONS }, async ({ only, write }) => {
  const runtimes = chosen(only);
  const app = packedApp();
  const runtimeLines = await runtimeTable(runtimes, { name: "resend", app, identities: certificates(app) });
  const peerLines = only ? [] : await peerTable(app);
  rmSync(app, { recursive: true, force: true });

  console.log(`\n${runtimeLines.join("\n")}\n\n${peerLines.join("\n")}\n`);
  if (write) {
    if (broken + missing > 0 || only)
      console.log("The page is not written: it takes every row, and ours have to be right.");
    else {
      writeTable("resends", runtimeLines);
      writeTable("peers", peerLines);
    }
  }
  if (broken > 0) console.log(`${broken} of our own counts are not as promised`);
  return broken > 0 ? 1 : missing > 0 ? 3 : 0;
});

async function runtimeTable(runtimes: readonly Runtime[], job: Job) {
  const rows = new Map<string, { titles: string[]; cells: string[] }>();
  let columns: string[] = [];
  for (const runtime of runtimes) {
    console.log(`▸ ${runtime.title}`);
    const report = await attempt(runtime.title, async () => {
      return (await launch(runtime, job)).report as Report;
    });
    if (!report) continue;
    columns = Object.keys(Object.values(report.plain)[0] ?? {});
    add(runtime, "`fetch`", report.plain);
    add(runtime, "**restorekit**", report.ours);
    if (report.allowed) add(runtime, "`allowBrowserWrites`", report.allowed);
    broken += wrong(runtime, report.ours);
  }
  const lines = [...rows.values()].map(({ titles, cells }) => [titles.join(", "), ...cells]);
  return table(["on", "sent by", "write", ...columns], lines);

  /** One row for all kinds of write, and all versions of a runtime, that fared the same. */
  function add(runtime: Runtime, by: string, counts: Counts) {
    for (const [kinds, cells] of fared(counts)) {
      const key = JSON.stringify([runtime.kind, by, kinds, cells]);
      const row = rows.get(key) ?? { titles: [], cells: [by, kinds, ...cells] };
      row.titles.push(row.titles.length > 0 ? runtime.title.replace(/^\D+/, "") : titleOf(runtime));
      rows.set(key, row);
    }
  }
}

function fared(counts: Counts): [kinds: string, cells: string[]][] {
  const found = new Map<string, string[]>();
  for (const [kind, columns] of Object.entries(counts)) {
    const cells = JSON.stringify(
      Object.values(columns).map(({ times, outcome }) => (times > 1 ? `**${times}**` : `${times}, ${outcome}`)),
    );
    found.set(cells, [...(found.get(cells) ?? []), kind]);
  }
  return [...found].map(([cells, kinds]) => [kinds.join(", "), JSON.parse(cells) as string[]]);
}

/** How many of our counts break the promise: once where writes are sent, never where they are refused. */
function wrong(runtime: Runtime, ours: Counts) {
  const promised = ABILITIES[runtime.kind].writesAllowed ? 1 : 0;
  return Object.values(ours)
    .flatMap((cells) => Object.values(cells))
    .filter(({ times }) => times !== promised).length;
}

async function peerTable(app: string) {
  const rows: string[][] = [];
  console.log("▸ restorekit");
  const own = await countWrites(join(app, "suite", "peer.js"));
  broken += own.times.filter((times) => times !== 1).length;
  rows.push(["**restorekit**", ...cellsOf(own)]);
  for (const peer of PEERS) {
    console.log(`▸ ${peer.package}`);
    const counted = await attempt(peer.package, () => countPeer(peer));
    if (counted) rows.push([peer.package.replace(/@(?=[^@]*$)/, " "), ...cellsOf(counted)]);
  }
  return table(["client, with its defaults", ...Object.keys(FAULTS), "headers that could tell a repetition"], rows);
}

function cellsOf({ times, tokens }: Awaited<ReturnType<typeof countWrites>>) {
  return [...times.map((count) => (count > 1 ? `**${count}**` : String(count))), tokens.join(", ") || "–"];
}

async function attempt<T>(title: string, what: () => Promise<T>): Promise<T | undefined> {
  try {
    return await what();
  } catch (error) {
    console.log(`  ${(error as Error).message}`);
    if (error instanceof Missing) missing++;
    else broken++;
    console.log(`  ${title}: no row`);
    return undefined;
  }
}
