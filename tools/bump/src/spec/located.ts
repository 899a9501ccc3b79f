// The operations of a bundle, with where they stand.
import { isObject, type Json, listOf, type Objekt, objectOf } from "./json.js";

export interface Located {
  readonly path: string;
  readonly method: string;
  readonly operation: Objekt;
  /** What the path item says for all its methods. */
  readonly shared: Json[];
}

const methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

export function operationsOf(document: Objekt): Located[] {
  return Object.entries(objectOf(document.paths)).flatMap(([path, item]) =>
    Object.entries(objectOf(item)).flatMap(([method, operation]) =>
      methods.includes(method) && isObject(operation)
        ? [{ path, method, operation, shared: listOf(objectOf(item).parameters) }]
        : [],
    ),
  );
}

/** Whether a call that is sent twice may do something twice; what does not say that it only reads counts. */
export const isWrite = (operation: Objekt): boolean => operation["x-effect"] !== "read";
