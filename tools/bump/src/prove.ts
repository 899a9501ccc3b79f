// bump:prove: changes planted in the real specs, generated, built and judged; each has to be called what it is.
import { command } from "@restorekit/command";
import { plantedCopyOf } from "./prove/copy.js";
import { plants } from "./prove/plants.js";
import { type Proof, prove } from "./prove/prove.js";

const usage = `usage: bump:prove
  copies the workspace to a temporary folder, plants one change after another there and judges each; takes minutes
ends with 1 if one is not called what it is`;

await command({ usage }, () => {
  process.stderr.write("copying the workspace …\n");
  const copy = plantedCopyOf(process.cwd());
  const proofs: Proof[] = [];
  try {
    for (const plant of plants) {
      process.stderr.write(`planting: ${plant.title} …\n`);
      proofs.push(prove(copy, plant));
    }
  } finally {
    copy.remove();
  }
  console.log("planted                       is            specs say     base's types  as a patch");
  for (const { title, expected, spec, types, asPatch, wrong } of proofs) {
    console.log([title.padEnd(28), expected.padEnd(12), spec.padEnd(12), types.padEnd(12), asPatch].join("  "));
    for (const line of wrong) console.log(`  ✗ ${line}`);
  }
  const right = proofs.filter(({ wrong }) => wrong.length === 0).length;
  console.log(`${right} of ${proofs.length} classified right`);
  return right === proofs.length ? 0 : 1;
});
