import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Objekt } from "../src/spec/json.js";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The services of this workspace: the folders of `specs/`. */
export const services = readdirSync(`${root}specs`, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

export function bundleOf(service: string): Objekt {
  return JSON.parse(readFileSync(`${root}packages/${service}/src/generated/openapi.json`, "utf8")) as Objekt;
}

/** The same sequence for the same seed, from 0 up to 1. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
