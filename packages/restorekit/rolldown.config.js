import { defineConfig } from "rolldown";

// One file for each entry, and one for what they share: every file more takes half a millisecond to import.
const entries = ["index", "file/index", "fleet/index", "conformance"];

export default defineConfig({
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  external: [/^node:/, /^@restorekit\//],
  platform: "neutral",
  output: {
    dir: "dist",
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] },
    sourcemap: true,
    comments: { legal: false, jsdoc: false },
  },
});
