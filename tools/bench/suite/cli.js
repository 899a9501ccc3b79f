import process from "node:process";
import { start } from "./start.js";

// No exit here: the process has to end by itself, with no timer or socket left behind.
await start(process.argv[2]);
