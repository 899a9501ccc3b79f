// The values that a page's examples give for each path: what the tables leave open, an example often shows.
export type Samples = ReadonlyMap<string, readonly unknown[]>;

const most = 20;

export function collectSamples(bodies: readonly unknown[]): Samples {
  const found = new Map<string, unknown[]>();
  for (const body of bodies) visit(body, "");
  return found;

  function visit(value: unknown, path: string): void {
    if (path !== "") {
      const values = found.get(path) ?? [];
      found.set(path, values);
      if (values.length < most) values.push(value);
    }
    if (Array.isArray(value)) for (const item of value.slice(0, most)) visit(item, `${path}[]`);
    else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, path === "" ? key : `${path}.${key}`);
    }
  }
}

/** The JSON Schema type that all samples share. */
export function typeOfSamples(values: readonly unknown[]): string | null {
  const types = new Set(values.filter((value) => value !== null).map(typeOf));
  if (types.size === 2 && types.has("integer") && types.has("number")) return "number";
  return types.size === 1 ? ([...types][0] as string) : null;
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
