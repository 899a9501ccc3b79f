import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What `npm test` runs. `vitest run <folder>` needs no configuration: these are its defaults, but for the root. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["packages/*/test/**/*.test.ts", "tools/*/test/**/*.test.ts"],
    environment: "node",
  },
});
