import { relative } from "node:path";
import { command } from "@restorekit/command";
import { replayFolder } from "./folder.js";

await command({ usage: "usage: vectors <folder>", takes: [1, 1] }, async (_, [folder = ""]) => {
  const { reproduced, failures, others } = await replayFolder(folder);
  const names = others.map((file) => relative(folder, file)).join(", ");
  if (names) console.error(`not replayed, for they are no vectors-*.json: ${names}`);
  for (const line of failures) console.log(line);
  console.log(`${reproduced} reproduced, ${failures.length} failed`);
  return failures.length > 0 ? 1 : 0;
});
