// What a row says of its parameter against the spec: type, required, values, default, range, unit and time zone.
import type { Parameter } from "../model.js";
import { nothing } from "./finding.js";
import type { SpecField } from "./spec.js";

/** A row of the page and the field of the spec that it describes. */
interface Pair {
  parameter: Parameter;
  field: SpecField;
  /** Says that a fact is another one on the page than in the spec. */
  differs: (fact: string, page: unknown, spec: unknown, message: string) => void;
}

export function compareFacts(pair: Pair): void {
  compareType(pair);
  compareRequired(pair);
  compareValues(pair);
  const { parameter, field, differs } = pair;
  for (const fact of ["default", "range"] as const)
    if (parameter[fact] !== field[fact])
      differs(
        fact,
        parameter[fact],
        field[fact] ?? nothing,
        `the ${fact} is ${parameter[fact] ?? "not said"}, in the spec ${field[fact] ?? "there is none"}`,
      );
  compareMeasures(pair);
}

const words = /^(?:strings?|integers?|int|booleans?|bool|objects?|arrays?|float|double|number|map|list)\b/i;

function compareType({ parameter, field, differs }: Pair): void {
  const { type, typeText, items, structure } = parameter;
  const types = field.types.length ? field.types.join(" or ") : "any";
  const open = type === "any" && !field.types.length;
  const [item] = field.items;
  if (!open && (type === null || field.types.length !== 1 || type !== field.types[0]))
    differs(
      "type",
      typeText,
      types,
      typeText === null ? "the page says no type" : `the type is ${typeText}, the spec has ${types}`,
    );
  else if (items !== null && field.items.length === 1 && items !== item && !(structure && item === "object"))
    differs("items", items, item, `the items are ${items}, in the spec ${item}`);
  else if (!open && structure === null && !words.test(typeText ?? "") && items === null)
    differs("type word", typeText, types, `${typeText} is no type of JSON`);
}

/** Few descriptions of a spec name a unit or a zone; where both sides do, they have to agree. The digest has the rest. */
function compareMeasures({ parameter, field, differs }: Pair): void {
  for (const fact of ["unit", "zone"] as const) {
    const is = parameter[fact];
    const want = field[fact];
    if (is !== null && want !== null && is !== want)
      differs(
        `${fact} in words`,
        is,
        want,
        `the ${fact === "zone" ? "time zone" : fact} is ${is}, in the spec ${want}`,
      );
  }
}

function compareRequired({ parameter, field, differs }: Pair): void {
  if (parameter.in === "response") return;
  const is = parameter.required === null ? null : parameter.required ? "yes" : "no";
  const want = field.required ? "yes" : "no";
  // The inside of an optional object is required once the object is there; the spec says so in the same way.
  if (is !== want)
    differs(
      "required",
      is,
      want,
      is === null ? "the page does not say whether it is required" : `required: ${is}, in the spec: ${want}`,
    );
  for (const { when, name, required } of parameter.conditions)
    differs(
      `condition ${name}`,
      `${when}: ${required ? "mandatory" : "optional"}`,
      "a column cannot say it",
      `with ${when} ${name} is ${required ? "mandatory" : "optional"}, whatever its own row says`,
    );
}

function compareValues({ parameter, field, differs }: Pair): void {
  const sorted = (values: string[] | null): string | null => (values ? [...values].sort().join(", ") : null);
  // A boolean has no other values than these.
  const boolean = field.types[0] === "boolean" && parameter.type === "boolean";
  const values = boolean && sorted(parameter.values) === "false, true" ? null : parameter.values;
  const is = sorted(values);
  const want = sorted(field.enum);
  if (is === want) return;
  const gone = field.enum?.filter((value) => !values?.includes(value)) ?? [];
  const more = values?.filter((value) => !field.enum?.includes(value)) ?? [];
  const alone = [
    ...(more.length ? [`the page alone has ${more.join(", ")}`] : []),
    ...(gone.length ? [`the spec alone has ${gone.join(", ")}`] : []),
  ];
  differs(
    "values",
    is,
    want ?? nothing,
    is === null
      ? "the spec has a value list, the page has none"
      : want === null
        ? "the page has a value list, the spec leaves it open"
        : alone.join("; "),
  );
}
