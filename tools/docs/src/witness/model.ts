// What both a spec and an SDK say of an operation, one field a place.

export interface Field {
  /** string, integer, number, numeric (either), boolean, object, any, "array of …", "map of …". */
  type: string;
  /** Null where the source does not say: SDKs leave answers open. */
  required: boolean | null;
  /** Null where the source has no list. */
  values: string[] | null;
}

export interface Call {
  /** The source's own name. */
  name: string;
  /** "PUT /v3/{}/x", or the action of an RPC operation with its version. */
  line: string;
  /** By place: "request query limit", "request body source.type", "response backups[].id". */
  fields: ReadonlyMap<string, Field>;
}

export interface Difference {
  /** Operation, place and fact: what a register entry names. */
  place: string;
  /** "optional / required": spec, then SDK. */
  between: string;
}

/** Placeholders have other names in other sources. */
export function plainPath(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}");
}
