// What the comparisons of schemas hand on to each other.
import type { ChangeClass } from "../change.js";
import type { Objekt } from "./json.js";
import type { Spot, Walk } from "./walk.js";

/** Where schemas are compared, and how it is told. */
export interface Place {
  readonly walk: Walk;
  readonly spot: Spot;
  readonly request: boolean;
  /** What the ids call the schema: a property, or the whole body, parameter or header. */
  readonly noun: "property" | "body" | "parameter" | "header";
  /** The pairs that are being compared further up: a schema may hold itself. */
  readonly open?: readonly (readonly [Objekt, Objekt])[];
}

/** A place with its words. */
export interface Here extends Place {
  readonly id: (suffix: string) => string;
  /** What it means there that more values are possible, or fewer. */
  readonly wider: ChangeClass;
  readonly tighter: ChangeClass;
}

export function inWords(place: Place): Here {
  const { request, noun } = place;
  const id = (suffix: string) => `${request ? "request" : "response"}-${noun}-${suffix}`;
  return { ...place, id, wider: request ? "additive" : "breaking", tighter: request ? "breaking" : "additive" };
}

export const inside = (here: Place, place: string): Place => ({ ...here, spot: { ...here.spot, place } });
