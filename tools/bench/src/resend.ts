// `pnpm bench:resend [--only node24,bun] [--write]`: how often one write arrives, here and elsewhere.
// Exit: 0, 1 if one of our own rows is not as promised, 3 if a runtime or a peer is missing.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { certificates, Missing, packedApp } from "./install.js";
import { launch } from "./launch.js";
import { countPeer, countWrites, FAULTS, PEERS } from "./peers.js";
import { ABILITIES, chosen, type Runtime } from "./runtime.js";
import { table, writeTable } from "./tables.js";

/** By kind of write, then by column. */
type Counts = Record<string, Record<string, { times: number; outcome: string | number }>>;
type Report = { plain: Counts; ours: Counts; allowed?: Counts };

const args = process.argv.slice(2);
const app = packedApp();
const identities = certificates(app);
let broken = 0;
let missing = 0;

const runtimeLines = await runtimeTable();
const peerLines = args.includes("--only") ? [] : await peerTable();
rmSync(app, { recursive: true, force: true });

console.log(`\n${runtimeLines.join("\n")}\n\n${peerLines.join("\n")}\n`);
if (args.includes("--write")) {
  if (broken + missing > 0 || args.includes("--only")) console.log("The page is not written: it takes every row, and ours have to be right.");
  else {
    writeTable("resends", runtimeLines);
    writeTable("peers", peerLines);
  }
}
if (broken > 0) console.log(`${broken} of our own counts are not as promised`);
process.exitCode = broken > 0 ? 1 : missing > 0 ? 3 : 0;

async function runtimeTable() {
  const rows: string[][] = [];
  let columns: string[] = [];
  for (const runtime of chosen(args)) {
    console.log(`▸ ${runtime.title}`);
    const report = await attempt(runtime.title, async () => (await launch(runtime, { name: "resend", app, identities })).report as Report);
    if (!report) continue;
    columns = Object.keys(Object.values(report.plain)[0] ?? {});
    rows.push(...rowsOf(`${runtime.title}, fetch`, report.plain), ...rowsOf(`${runtime.title}, restorekit`, report.ours));
    if (report.allowed) rows.push(...rowsOf(`${runtime.title}, restorekit with allowBrowserWrites`, report.allowed));
    broken += wrong(runtime, report.ours);
  }
  return table(["one call", "of", ...columns], rows);
}

/** One row for all kinds of write that fared the same. */
function rowsOf(title: string, counts: Counts) {
  const rows = new Map<string, string[]>();
  for (const [kind, cells] of Object.entries(counts)) {
    const shown = Object.values(cells).map(({ times, outcome }) => (times > 1 ? `**${times}**` : times === 1 && outcome !== 200 ? `1, ${outcome}` : `${times}, ${outcome}`));
    const same = JSON.stringify(shown);
    rows.set(same, [...(rows.get(same) ?? []), kind]);
  }
  return [...rows].map(([cells, kinds]) => [title, kinds.join(", "), ...(JSON.parse(cells) as string[])]);
}

/** How many of our counts break the promise: once where writes are sent, never where they are refused. */
function wrong(runtime: Runtime, ours: Counts) {
  const promised = ABILITIES[runtime.kind].writesAllowed ? 1 : 0;
  return Object.values(ours).flatMap((cells) => Object.values(cells)).filter(({ times }) => times !== promised).length;
}

async function peerTable() {
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
