// Tests that need what is not part of the repository.
import { describe, test } from "vitest";

/** `describe` where it is there; else one test that is skipped and says why in its name, as the summary wants it. */
export const given = (present: boolean, without: string): ((name: string, tests: () => void) => void) =>
  present ? (name, tests) => describe(name, tests) : (name) => test.skip(`${name}: skipped: ${without}`);
