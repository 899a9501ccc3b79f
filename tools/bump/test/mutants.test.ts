// No difference between two bundles may be lost: whatever is done to one, the comparison says something.
import { mutationsOf } from "@restorekit/contract/dist/mutations.js";
import { expect, test } from "vitest";
import { compareBundles } from "../src/spec/compare.js";
import { type Json, type Objekt, same } from "../src/spec/json.js";
import { bundleOf, randomOf, services } from "./bundles.js";

const seed = Number(process.env.SEED ?? 1);
const tries = Number(process.env.TRIES ?? 60);

test.each(services)("an unchanged %s has no changes", (service) => {
  expect(compareBundles(bundleOf(service), bundleOf(service)).changes).toEqual([]);
});

test.each(services)("every fact that the contract's mutator changes in %s is seen", { timeout: 120_000 }, (service) => {
  const before = bundleOf(service);
  const mutations = mutationsOf(before as never);
  expect(mutations.length).toBeGreaterThan(100);
  const step = Math.max(1, Math.floor(mutations.length / tries));
  const lost: string[] = [];
  for (let index = seed % step; index < mutations.length; index += step) {
    const mutation = mutations[index];
    if (mutation === undefined) continue;
    const after = structuredClone(before);
    mutation.apply(after as never);
    if (changesOf(before, after) === 0) lost.push(`${mutation.place}: ${mutation.change}`);
  }
  expect(lost).toEqual([]);
});

test.each(services)("any change of any value of %s is seen", { timeout: 120_000 }, (service) => {
  const before = bundleOf(service);
  const random = randomOf(seed);
  const lost: string[] = [];
  let made = 0;
  for (let index = 0; index < tries; index++) {
    const after = structuredClone(before);
    const what = mutateAnything(after, random);
    if (same(before, after)) continue;
    made++;
    if (changesOf(before, after) === 0) lost.push(what);
  }
  expect(made).toBeGreaterThan(tries * 0.9);
  expect(lost).toEqual([]);
});

test.each(services)("two changes of %s hide nothing of each other", { timeout: 120_000 }, (service) => {
  const before = bundleOf(service);
  const random = randomOf(seed + 1);
  const lost: string[] = [];
  for (let index = 0; index < tries / 3; index++) {
    const [one, two, both] = [structuredClone(before), structuredClone(before), structuredClone(before)];
    const [first, second] = [pick(paths(before), random), pick(paths(before), random)];
    // Changes inside of each other are one.
    if (first.join("/").startsWith(second.join("/")) || second.join("/").startsWith(first.join("/"))) continue;
    for (const document of [one, both]) spoil(document, first);
    for (const document of [two, both]) spoil(document, second);
    const seen = places(before, both);
    if (seen === undefined) continue;
    for (const [alone, path] of [
      [one, first],
      [two, second],
    ] as const) {
      const missing = [...(places(before, alone) ?? [])].filter((place) => !seen.has(place));
      if (missing.length > 0) lost.push(`${first.join("/")} + ${second.join("/")}: ${path.join("/")}`);
    }
  }
  expect(lost).toEqual([]);
});

/** A document whose references lead nowhere is refused, which is no silence. */
function changesOf(before: Objekt, after: Objekt): number {
  return places(before, after)?.size ?? 1;
}

/** Which kinds of change were found where. The last net does not count: what only it catches, no rule has seen. */
function places(before: Objekt, after: Objekt): Set<string> | undefined {
  try {
    const { changes } = compareBundles(before, after);
    const seen = changes.filter(({ place }) => place !== "document");
    return new Set(seen.map(({ id, operation, place }) => `${id} ${operation} ${place}`));
  } catch (error) {
    expect(String(error)).toMatch(/leads nowhere|refers to itself/);
    return undefined;
  }
}

function paths(value: Json, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return path.length > 0 ? [path] : [];
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]));
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

function at(document: Json, path: readonly string[]): Objekt {
  return path.reduce<Json>((here, key) => (here as Objekt)[key] as Json, document) as Objekt;
}

/** Changes one value to another of its kind. */
function spoil(document: Objekt, path: readonly string[]): void {
  const holder = at(document, path.slice(0, -1));
  const key = path.at(-1) as string;
  const value = holder[key];
  holder[key] =
    typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : value === null ? "x" : `${value}x`;
}

/** Changes, removes, renames, adds or reorders something anywhere in the document. */
function mutateAnything(document: Objekt, random: () => number): string {
  const all = paths(document);
  const leaf = pick(all, random);
  const path = leaf.slice(0, 1 + Math.floor(random() * leaf.length));
  const holder = at(document, path.slice(0, -1));
  const key = path.at(-1) as string;
  const value = holder[key] as Json;
  const kind = Math.floor(random() * 5);
  const name = `${path.join("/")} ${["changed", "removed", "renamed", "added", "reordered"][kind]}`;
  if (kind === 1) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  } else if (kind === 2 && !Array.isArray(holder)) {
    delete holder[key];
    holder[`${key}X`] = value;
  } else if (kind === 3 && typeof value === "object" && value !== null) {
    if (Array.isArray(value)) value.push(structuredClone(value[0] ?? "x"));
    else value.unheardOf = "x";
  } else if (kind === 4 && Array.isArray(value) && value.length > 1) value.reverse();
  else spoil(document, leaf);
  return name;
}
