#!/usr/bin/env node
import module from "node:module";

// Half of a run is compiling the TypeScript that writes the types; the cache has to be on before it is imported.
module.enableCompileCache?.();
const { main } = await import("./cli.js");
process.exitCode = await main(process.argv.slice(2), console);
