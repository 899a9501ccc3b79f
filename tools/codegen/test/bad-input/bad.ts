/** One way to write a spec wrongly, and the one line (or lines) that tells it. */
export interface BadInput {
  readonly name: string;
  readonly file: string;
  /** Replaced by `write`; the whole file where it is left out. */
  readonly find?: string;
  readonly write: string;
  readonly want: readonly string[];
}

/** The fixture files that cases change. */
export const restore = "specs/cloud-rpc/restore-thing.yaml";
export const tasks = "specs/cloud-rpc/describe-tasks.yaml";
export const rpc = "specs/cloud-rpc/shared.yaml";
export const recover = "specs/cloud-rest/recover.yaml";
export const things = "specs/cloud-rest/list-things.yaml";
export const token = "specs/cloud-rest/create-token.yaml";
export const remove = "specs/cloud-rest/delete-thing.yaml";
export const rest = "specs/cloud-rest/shared.yaml";
export const notes = "specs/cloud-rpc/docs.yaml";

/** Wanted lines that begin with a number are about the changed file. */
export const bad = (
  name: string,
  file: string,
  find: string | undefined,
  write: string,
  ...want: string[]
): BadInput => ({
  name,
  file,
  ...(find !== undefined && { find }),
  write,
  want: want.map((line) => (line.startsWith("specs/") ? line : `${file}:${line}`)),
});
