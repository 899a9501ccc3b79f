/** Says which field of a vector is missing or of the wrong kind, before anything is made of it. */

const common = ["clock", "credentials"];
const tencent = ["credentials.secretId", "credentials.secretKey", "input", "input.endpoint", "input.requestMethod"];
const huawei = ["credentials.ak", "credentials.sk"];
const call = ["input.action", "input.version"];

const needed: Readonly<Record<string, readonly string[]>> = {
  "tc3-hmac-sha256": [...common, ...tencent, "input.service", ...call],
  "tencent-v1": [...common, ...tencent, ...call],
  "sdk-hmac-sha256": [...common, ...huawei, "input", "input.endpoint"],
  "sdk-hmac-sha256-scoped": [...common, ...huawei, "request", "request.method", "request.url", "request.headers"],
};
/** Those that are no text. */
const objects = new Set(["credentials", "input", "request"]);
const lists = new Set(["request.headers", "wire.headers"]);

/** @throws with the name of the field */
export function checkFields(scheme: string, vector: unknown): void {
  if (!isObject(vector)) throw new Error("the vector is no object");
  for (const field of needed[scheme] ?? []) check(vector, field);
  // The call of a generated SDK brings an operation instead; its method and path are those on the wire.
  if (scheme === "sdk-hmac-sha256" && at(vector, "input.operation") === undefined) {
    for (const field of ["input.method", "input.path"]) check(vector, field);
  }
  for (const field of ["wire", "expected", "documented", "scope"]) {
    const value = vector[field];
    if (value !== undefined && !isObject(value)) throw new Error(`${field} must be an object`);
  }
  if (at(vector, "wire.headers") !== undefined) check(vector, "wire.headers");
  if (Number.isNaN(Date.parse(String(vector.clock)))) throw new Error("clock is no time such as 2025-01-02T03:04:05Z");
}

function check(vector: Record<string, unknown>, field: string): void {
  const value = at(vector, field);
  if (value === undefined || value === null || (value === "" && field !== "input.path")) {
    throw new Error(`${field} is missing`);
  }
  if (objects.has(field)) {
    if (!isObject(value)) throw new Error(`${field} must be an object`);
  } else if (lists.has(field)) {
    if (!Array.isArray(value) || !value.every(isPair)) throw new Error(`${field} must be a list of [name, value]`);
  } else if (typeof value !== "string") throw new Error(`${field} must be a text`);
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string");
}

function at(value: unknown, field: string): unknown {
  return field
    .split(".")
    .reduce<unknown>((found, key) => (isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined), value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
