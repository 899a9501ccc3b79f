// What the specs of a service say already: error codes and names that mean the same on the next page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { fromDisk } from "../load.js";
import type { Data } from "./notes.js";

export interface Sisters {
  /** By code: what the specs have for it, where all of them agree. */
  errors: Map<string, Data>;
  /** By the name of a field or a parameter: its description, where all of them agree. */
  descriptions: Map<string, string>;
}

/** Of every operation in the folder. */
export function readSisters(folder: string): Sisters {
  const errors = new Map<string, Data | null>();
  const descriptions = new Map<string, string | null>();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".yaml") || name === "docs.yaml") continue;
    const file = join(folder, name);
    visit(
      fromDisk(file, () => parse(readFileSync(file, "utf8")) as unknown),
      0,
    );
  }
  return { errors: agreed(errors), descriptions: agreed(descriptions) };

  function visit(value: unknown, depth: number): void {
    if (typeof value !== "object" || value === null || depth > 40) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1);
      return;
    }
    const data = value as Data;
    if (typeof data.name === "string" && typeof data.in === "string") learn(descriptions, data.name, data.description);
    for (const [key, member] of Object.entries(data)) {
      if (key === "x-errors" && isData(member))
        for (const [code, error] of Object.entries(member)) learn(errors, code, error);
      if (key === "properties" && isData(member))
        for (const [field, schema] of Object.entries(member))
          if (isData(schema)) learn(descriptions, field, schema.description);
      visit(member, depth + 1);
    }
  }
}

const isData = (value: unknown): value is Data => typeof value === "object" && value !== null && !Array.isArray(value);

function learn<T>(known: Map<string, T | null>, name: string, value: unknown): void {
  if (value === undefined || (typeof value === "string" && value.startsWith("Describe: "))) return;
  const before = known.get(name);
  if (before === undefined) known.set(name, value as T);
  else if (JSON.stringify(before) !== JSON.stringify(value)) known.set(name, null);
}

function agreed<T>(known: Map<string, T | null>): Map<string, T> {
  return new Map([...known].filter((entry): entry is [string, T] => entry[1] !== null));
}

/** Puts known descriptions where the draft has none of its own. */
export function describe(document: unknown, { descriptions }: Sisters): void {
  const fill = (name: string, data: Data): void => {
    const known = descriptions.get(name);
    if (known !== undefined && data.description === `Describe: ${name}.`) data.description = known;
  };
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > 40) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1);
      return;
    }
    const data = value as Data;
    if (typeof data.name === "string") fill(data.name, data);
    if (isData(data.properties))
      for (const [name, schema] of Object.entries(data.properties)) if (isData(schema)) fill(name, schema);
    for (const member of Object.values(data)) visit(member, depth + 1);
  };
  visit(document, 0);
}
