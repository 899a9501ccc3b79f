/** Just enough to run named checks one after the other on any runtime. */
export function createHarness() {
  const results = [];

  return {
    async check(name, body) {
      try {
        await body();
        results.push({ name });
      } catch (error) {
        results.push({ name, problem: String(error) });
      }
    },
    equal(found, wanted) {
      const [have, want] = [show(found), show(wanted)];
      if (have !== want) throw new Error(`found ${have.slice(0, 300)}, wanted ${want.slice(0, 300)}`);
    },
    /** Holds the wanted properties; others do not matter. */
    matches(found, wanted) {
      for (const [name, value] of Object.entries(wanted)) {
        if (found?.[name] !== value)
          throw new Error(`${name}: found ${show(found?.[name])}, wanted ${show(value)} in ${String(found)}`);
      }
    },
    async failureOf(promise) {
      try {
        await promise;
      } catch (error) {
        return error;
      }
    },
    report: () => ({ results }),
  };
}

const show = (value) => (value instanceof Error ? String(value) : (JSON.stringify(value) ?? "undefined"));
