import { defineConfig } from "rolldown";

// One file per entry and a shared chunk: importing thirty small modules takes three times as long.
const entries = [
  "index",
  "sign/index",
  "sign/crypto",
  "sign/crypto.node",
  "send/browser",
  "send/node",
  "send/workerd",
  "node/index",
  "opentelemetry",
  "undici",
];

export default defineConfig({
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  external: [/^node:/, /^#/, "openapi-fetch", "undici", "@opentelemetry/api"],
  platform: "neutral",
  output: {
    dir: "dist",
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name].js",
    sourcemap: true,
    comments: { legal: false, jsdoc: false },
  },
});
