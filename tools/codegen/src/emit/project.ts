import type { OpenApi, Schema } from "../openapi.js";
import { reachOf } from "../reach.js";
import { rewrite, without } from "../rewrite.js";
import { foldedName } from "../rules/schemas.js";

/**
 * The bundle for generators of other languages: their models would throw on a value that a response's list does not
 * name, so those lists become plain types. Our `x-` keys, links and examples mean nothing to them and are left out.
 * Of answers that spell one property in two ways only the first spelling stays: Go and Java make one name of both.
 */
export function project(bundle: OpenApi): OpenApi {
  const { request, response } = reachOf(bundle);
  return rewrite(bundle, "shared", (node, kind) => {
    if (kind !== "schema") return withoutExtensions(without(node, "links", "examples"));
    const schema = node as Schema;
    return response.has(schema) && !request.has(schema) ? withoutTwins(withoutList(schema)) : schema;
  });
}

function withoutExtensions(node: object): object {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !key.startsWith("x-")));
}

function withoutList(schema: Schema): Schema {
  if (schema.enum === undefined) return schema;
  const { enum: values, ...open } = schema;
  const known = `Known values: ${values.map((value) => JSON.stringify(value)).join(", ")}.`;
  return { ...open, description: schema.description === undefined ? known : `${schema.description} ${known}` };
}

function withoutTwins(schema: Schema): Schema {
  if (schema.properties === undefined) return schema;
  const seen = new Set<string>();
  const kept = Object.entries(schema.properties).filter(([name]) => {
    const folded = foldedName(name);
    return !seen.has(folded) && seen.add(folded);
  });
  const properties = Object.fromEntries(kept);
  if (schema.required === undefined) return { ...schema, properties };
  return { ...schema, properties, required: schema.required.filter((name) => Object.hasOwn(properties, name)) };
}
