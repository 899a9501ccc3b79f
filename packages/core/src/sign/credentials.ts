import { OwnError } from "../errors.js";

/** Credentials that cannot work. Names the field, never its value. */
export class CredentialsError extends OwnError {
  readonly code: "missing" | "malformed";
  readonly field: string;

  constructor(code: "missing" | "malformed", field: string) {
    super(`${field} is ${code}`);
    this.name = "CredentialsError";
    this.code = code;
    this.field = field;
  }
}

/** What may stand in a header, less white space. */
const sendable = /^[!-~]+$/;
/** White space around a key is a copying mistake. */
export const KEY = /^\S(.*\S)?$/s;

/** Fields with a value must match. @throws {CredentialsError} */
export function check(fields: object, pattern = sendable): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value && !(typeof value === "string" && pattern.test(value))) throw new CredentialsError("malformed", field);
  }
}

/** Fields must be there and match. @throws {CredentialsError} */
export function need(fields: object, pattern?: RegExp): void {
  for (const [field, value] of Object.entries(fields)) if (!value) throw new CredentialsError("missing", field);
  check(fields, pattern);
}
