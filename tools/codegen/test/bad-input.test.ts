import { describe, expect, test } from "vitest";
import { badInput } from "./bad-input.js";
import { createBench } from "./bench.js";

for (const [group, cases] of Object.entries(badInput)) {
  describe(group, () => {
    test.each(cases)("$name", async ({ file, find, write, want }) => {
      const bench = createBench();
      await bench.run();
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
