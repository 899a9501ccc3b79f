/** Names that users know prereleases by; each is a tag of its own. */
const KNOWN = ["alpha", "beta", "canary", "rc"];

/** What follows the hyphen of a prerelease (`0.2.0-rc.1`), without build metadata. */
function prereleaseOf(version: string): string | undefined {
  return /^[^-+]+-([^+]+)/.exec(version)?.[1];
}

/** The dist-tag that a version is published under: `latest`, or for a prerelease one that nobody gets unasked. */
export function tagOf(version: string): string {
  const prerelease = prereleaseOf(version)?.toLowerCase();
  if (prerelease === undefined) return "latest";
  return KNOWN.find((name) => prerelease === name || prerelease.startsWith(`${name}.`)) ?? "next";
}

/** The highest of some versions, prereleases apart: they never become `latest`. */
export function newest(versions: readonly string[]): string | undefined {
  return versions
    .filter((version) => prereleaseOf(version) === undefined)
    .reduce<string | undefined>(higher, undefined);
}

function higher(a: string | undefined, b: string) {
  return a === undefined || isHigher(b, a) ? b : a;
}

/** Of two versions that are no prereleases: whether the first comes after the second. */
export function isHigher(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => (version.split("+")[0] ?? "").split(".").map(Number));
  const at = [0, 1, 2].find((place) => a?.[place] !== b?.[place]);
  return at !== undefined && (a?.[at] ?? 0) > (b?.[at] ?? 0);
}
