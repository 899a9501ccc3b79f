import { defineConfig } from "rolldown";

// One file for each entry, and one for what they share: every file more takes half a millisecond to import.
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
    chunkFileNames: "[name].js",
    // Decoding names node:zlib, which no bundle for a browser may hold, so it is a file of its own.
    codeSplitting: { groups: [{ name: "shared", minShareCount: 2, test: /^(?!.*decode)/ }] },
    sourcemap: true,
    comments: { legal: false, jsdoc: false },
  },
});
