import type { Problem } from "../problem.js";
import type { Location, Locations } from "./document.js";
import { placeName } from "./place-name.js";

/** Collects problems and finds the file, line and readable place of the value they are about. */
export class Complaints {
  readonly problems: Problem[] = [];
  readonly locations: Locations;
  constructor(locations: Locations) {
    this.locations = locations;
  }

  /** `trail` leads from the object to the offending value; it may end at a key that is missing. */
  at(node: object, trail: readonly (string | number)[], message: string, fatal = false): void {
    const start = this.locations.get(node);
    let line = start?.line ?? 1;
    let current: unknown = node;
    for (const step of trail) {
      const here: Location | undefined =
        typeof current === "object" && current !== null ? this.locations.get(current) : undefined;
      const stepLine = here?.keys.get(String(step));
      if (stepLine === undefined) break;
      line = stepLine;
      current = (current as Record<string, unknown>)[step];
    }
    const path = [...(start?.path ?? []), ...trail.map(String)];
    this.problems.push({ file: start?.file ?? "specs", line, place: placeName(path), message, fatal });
  }

  get fatal(): boolean {
    return this.problems.some((problem) => problem.fatal);
  }
}
