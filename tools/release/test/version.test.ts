// The publisher runs where nothing is installed, so it reads versions itself. Held against the library that npm uses.
import semver from "semver";
import { describe, expect, test } from "vitest";
import { isHigher, newest, tagOf } from "../src/version.js";

const STABLE = ["0.0.1", "0.1.0", "0.2.0", "0.2.10", "0.10.0", "1.0.0", "1.0.0+build-1", "9.9.9", "10.0.0"];
const PRERELEASES: [version: string, tag: string][] = [
  ["0.2.0-0", "next"],
  ["0.2.0-next.0", "next"],
  ["0.2.0-RC.1", "rc"],
  ["0.2.0-rc.1+build-2", "rc"],
  ["0.2.0-beta", "beta"],
  ["0.2.0-alpha.3", "alpha"],
  ["0.2.0-canary.20261123", "canary"],
  ["0.2.0-alphabet.1", "next"],
  // npm refuses a tag that could be a range, and `latest` is what this must never become.
  ["0.2.0-x.1", "next"],
  ["0.2.0-v1", "next"],
  ["0.2.0-latest.0", "next"],
];

describe("the tag of a version", () => {
  test.each(PRERELEASES)("%s is %s", (version, tag) => {
    expect(semver.prerelease(version)).not.toBeNull();
    expect(tagOf(version)).toBe(tag);
    expect(semver.validRange(tag)).toBeNull();
  });

  test.each(STABLE)("%s is latest", (version) => {
    expect(semver.prerelease(version)).toBeNull();
    expect(tagOf(version)).toBe("latest");
  });
});

describe("which version is higher", () => {
  test("is as semver has it", () => {
    for (const one of STABLE) {
      for (const other of STABLE)
        expect([one, other, isHigher(one, other)]).toEqual([one, other, semver.gt(one, other)]);
    }
    expect(newest([...STABLE].reverse())).toBe(semver.maxSatisfying(STABLE, "*"));
  });

  test("leaves prereleases out", () => {
    expect(newest(["0.1.0", "0.2.0-rc.1"])).toBe("0.1.0");
    expect(newest(["0.2.0-rc.1"])).toBeUndefined();
    expect(newest([])).toBeUndefined();
  });
});
