import { describe, expect, test } from "vitest";
import { behaviour } from "./bad-input/behaviour.js";
import { examples } from "./bad-input/examples.js";
import { files } from "./bad-input/files.js";
import { merging } from "./bad-input/merging.js";
import { operations } from "./bad-input/operations.js";
import { references } from "./bad-input/references.js";
import { schemas } from "./bad-input/schemas.js";
import { shape } from "./bad-input/shape.js";
import { createBench } from "./bench.js";

const groups = { files, references, merging, shape, schemas, operations, behaviour, examples };

for (const [group, cases] of Object.entries(groups)) {
  describe(group, () => {
    test.each(cases)("$name", async ({ file, find, write, want }) => {
      const bench = createBench();
      for (const service of ["cloud-rest", "cloud-rpc"]) {
        for (const name of ["openapi.json", "operations.ts", "types.ts"]) {
          bench.write(`packages/${service}/src/generated/${name}`, "as it was");
        }
      }
      const before = bench.generated();
      if (find === undefined) bench.write(file, write);
      else bench.edit(file, find, write);

      const { code, lines } = await bench.run();
      expect(lines).toEqual(want);
      expect(code).toBe(1);
      expect(bench.generated()).toEqual(before);
    });
  });
}
