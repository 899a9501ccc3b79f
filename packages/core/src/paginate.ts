import { valueAt } from "./data.js";
import type { Operation, Pagination } from "./operation.js";
import type { CallOptions } from "./options.js";

/** An operation that answers in pages. */
export type Paged = Operation & { readonly pagination: Pagination };

type Items<R, Place extends string> = R extends { readonly [K in Place]?: readonly (infer T)[] | null } ? T : never;

/** No list of instances, backups or tasks is this long; a service that never stops answering is. */
const MOST_PAGES = 10_000;

/**
 * Walks a list, page by page, and gives its items.
 *
 * A list that changes meanwhile may show an item twice or not at all; the services offer no cursor.
 * @param operation its entry in the operations table
 * @param call the client's call of that operation
 * @throws {RangeError} when a service answers the same page for ever, or no list
 */
export async function* paginate<O extends Paged, I extends object, R>(
  operation: O,
  call: (input: I, options?: CallOptions) => Promise<R>,
  input: I,
  options?: CallOptions,
): AsyncGenerator<Items<NonNullable<R>, O["pagination"]["items"]>, void, undefined> {
  const { style, position, size, maximum, first, items, total } = operation.pagination;
  const given = input as Record<string, unknown>;
  // A service that caps a larger size would seem to have come to its last page.
  const asked = Math.min(Number(given[size] ?? maximum ?? 100), maximum ?? Number.POSITIVE_INFINITY);
  let seen = 0;
  let at = Number(given[position] ?? first);
  let last: string | undefined;

  for (let page = 0; page < MOST_PAGES; page++) {
    const result = await call({ ...input, [size]: asked, [position]: at }, options);
    const found = valueAt(result, items) ?? [];
    if (!Array.isArray(found)) throw new RangeError(`${operation.id} answers something else than a list`);
    if (found.length === 0) return;
    const print = JSON.stringify(found);
    if (print === last) throw new RangeError(`${operation.id} answers the same page again`);
    last = print;
    yield* found;
    seen += found.length;
    const all = total === undefined ? undefined : valueAt(result, total);
    if (typeof all === "number" ? seen >= all : found.length < asked) return;
    at += style === "page" ? 1 : found.length;
  }
  throw new RangeError(`${operation.id} has more than ${MOST_PAGES} pages`);
}
