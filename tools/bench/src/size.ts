import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { median } from "./report-median.js";
import { peer, peersFolder } from "./report-peers.js";

const bench = fileURLToPath(new URL("..", import.meta.url));

interface Bundler {
  build(options: object): Promise<{
    outputFiles: { contents: Uint8Array }[];
    metafile: { outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> };
  }>;
}

interface Subject {
  name: string;
  /** A module that uses the subject for one signed call; also what is imported for the import time. */
  entry: string;
  /** Where its imports are resolved. */
  folder: string;
  platforms: ("browser" | "node")[];
}

const ours: Subject = {
  name: "restorekit, one signed operation",
  entry: `import { createClient } from "@restorekit/tencentcloud-redis";
    export const run = (credentials, input) => createClient({ region: "ap-guangzhou", credentials }).restoreInstance(input);`,
  folder: bench,
  platforms: ["browser", "node"],
};
const bareFetch = (): Subject => ({
  name: "openapi-fetch alone, unsigned",
  entry: `import createClient from "openapi-fetch";
    export const run = (body) => createClient({ baseUrl: "https://redis.tencentcloudapi.com" }).POST("/", { body });`,
  folder: peersFolder(),
  platforms: ["browser", "node"],
});
/** By the deep path, which spares it the other services of its package. */
const tencent = (): Subject => ({
  name: "tencentcloud-sdk-nodejs, redis only",
  entry: `import redis from "tencentcloud-sdk-nodejs/tencentcloud/services/redis/index.js";
    export const run = (credential, input) => new redis.redis.v20180412.Client({ credential, region: "ap-guangzhou" }).RestoreInstance(input);`,
  folder: peersFolder(),
  platforms: ["node"],
});

export interface SizeRow {
  name: string;
  platform: string;
  minified: number;
  gzip: number;
}

/** Bundles each subject for each of its platforms, minified, and compresses it. */
export async function measureSizes(): Promise<SizeRow[]> {
  const rows: SizeRow[] = [];
  for (const { name, entry, folder, platforms } of [ours, bareFetch(), tencent()]) {
    for (const platform of platforms) {
      const { contents } = await bundle(entry, folder, platform);
      rows.push({ name, platform, minified: contents.length, gzip: gzipSync(contents, { level: 9 }).length });
    }
  }
  return rows;
}

/** What each part of our bundle adds to it, minified. */
export async function sizeByModule(): Promise<[file: string, bytes: number][]> {
  const { inputs } = await bundle(ours.entry, ours.folder, "browser");
  return Object.entries(inputs)
    .map(([file, { bytesInOutput }]): [string, number] => [
      file.replace(/^.*(packages|node_modules)\//, ""),
      bytesInOutput,
    ])
    .filter(([, bytes]) => bytes > 0)
    .sort((a, b) => b[1] - a[1]);
}

async function bundle(entry: string, folder: string, platform: string) {
  const { outputFiles, metafile } = await (peer("esbuild") as Bundler).build({
    stdin: { contents: entry, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform,
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const [output] = Object.values(metafile.outputs);
  return { contents: outputFiles[0]?.contents ?? new Uint8Array(), inputs: output?.inputs ?? {} };
}

/** Milliseconds that importing takes over an empty process: the median of paired runs. */
export function measureImports(runs: number, progress: (done: number) => void): { name: string; ms: number }[] {
  const subjects = [ours, bareFetch(), tencent()];
  const files = subjects.map(({ entry, folder }, index) => moduleFile(folder, index, entry));
  const empty = moduleFile(bench, subjects.length, "");
  const more: number[][] = subjects.map(() => []);
  try {
    // The first round only warms the file cache.
    for (let run = 0; run <= runs; run++) {
      const base = elapsed(empty);
      for (const [index, file] of files.entries()) {
        const ms = elapsed(file) - base;
        if (run > 0) more[index]?.push(ms);
      }
      progress(run);
    }
  } finally {
    for (const file of [...files, empty]) rmSync(dirname(file), { recursive: true });
  }
  return subjects.map(({ name }, index) => ({ name, ms: median(more[index] ?? []) }));
}

/** In a folder of its own below the one that resolves the imports. */
function moduleFile(folder: string, index: number, text: string) {
  const own = mkdtempSync(join(folder, "node_modules", `.import-${index}-`));
  const file = join(own, "entry.mjs");
  writeFileSync(file, text);
  return file;
}

function elapsed(file: string) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${file}: ${stderr}`);
  return performance.now() - started;
}
