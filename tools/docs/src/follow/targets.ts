// The pages that the registers name and that can be fetched.
import type { Register } from "../check/register.js";
import type { Target } from "./store.js";

/** A locator may be an address itself; else `url` is where a reader finds the page. */
export function targetsOf(registers: readonly Register[], services: readonly string[] = []): Target[] {
  return registers
    .filter(({ service }) => services.length === 0 || services.includes(service))
    .flatMap(({ service, pages, hosts }) =>
      Object.entries(pages).map(([operation, { url, locator }]) => ({
        service,
        operation,
        url: /^https?:\/\//.test(locator) ? locator : url,
        hosts,
      })),
    );
}
