// `npm start`: from a fresh clone to five rehearsed restores.
import { generateAndBuild, prepare } from "./prepare.mjs";
import { node, step } from "./steps.mjs";

await prepare();
await generateAndBuild(false);
const rehearsal = await step("rehearse", [node(), "tools/contract/dist/rehearse.js"], { show: true });
process.exit(rehearsal.passed ? 0 : 1);
