// Cuts the paragraphs of a flattened table into rows. There are no column marks and empty cells leave no trace, so the
// cheapest of all ways to deal the paragraphs to the columns is taken (Viterbi, linear in the number of paragraphs).
import { isCertainType, readRequired } from "./types.js";
import { type Column, cellLabel } from "./vocabulary.js";

export interface Unit {
  text: string;
  line: number;
  indent: number;
  bullet: boolean;
  code: boolean;
}

interface Traits {
  name: boolean;
  yesNo: boolean;
  type: boolean;
  status: boolean;
  code: boolean;
  label: boolean;
  sentence: boolean;
  /** Says when something is mandatory. */
  condition: boolean;
  short: boolean;
  dash: boolean;
}

function traitsOf(unit: Unit, labelled: boolean): Traits {
  const text = unit.text;
  const loose = unit.bullet || unit.code || text.length > 120;
  return {
    name:
      !loose &&
      /^[\p{L}_$@*»./\-[\]{}<>:#]?[\p{L}\p{N}_.\-[\]{}<>:/*$#@\\]*(?: ?\([^()]*\))?$/u.test(text) &&
      /[\p{L}\p{N}]/u.test(text) &&
      !/[.:]$/.test(text),
    yesNo: !loose && readRequired(text) !== null,
    type: !loose && isCertainType(text),
    status: !loose && /^[1-5]\d\d(?:\s.{0,40})?$/.test(text),
    code:
      !loose &&
      (/^[A-Za-z]+[._-]?[\w.-]*\d{2,}\w*$/.test(text) || /^\d{3,}$/.test(text) || /^[A-Z]\w+(?:\.\w+)+$/.test(text)),
    label: !loose && cellLabel(text) !== null && (text.endsWith(":") || (labelled && /^[A-Z]/.test(text))),
    sentence: /[.!?:;]["”)]?$/.test(text) || text.length > 60,
    condition:
      !unit.bullet &&
      !unit.code &&
      text.length < 300 &&
      /\b(?:mandatory|optional|required)\b|^(?:if|when|only|unless) /i.test(text),
    short: !loose && text.length <= 40 && !/[.!?:;]$/.test(text),
    dash: /^(?:-|--|—|N\/A|None)$/.test(text),
  };
}

const never = 40;

/** How badly a paragraph fits as the first of a cell. */
function startCost(column: Slot, unit: Unit, is: Traits): number {
  if (unit.code) return column === "description" || column === "example" ? 3 : never;
  switch (column) {
    case "name":
      if (unit.bullet) return never;
      return is.name ? (is.yesNo || is.dash ? 4 : is.label ? 9 : 0) : is.sentence ? 14 : 7;
    case "required":
    case "optional":
      return unit.bullet ? never : is.yesNo ? 0 : is.dash ? 2 : is.type ? 5 : is.condition ? 3 : is.sentence ? 14 : 9;
    case "type":
      if (unit.bullet) return never;
      return is.type ? 0 : is.dash ? 3 : is.yesNo ? 6 : is.sentence ? 14 : is.name ? 3 : is.short ? 6 : 10;
    case "status":
      return unit.bullet ? never : is.status ? 0 : 10;
    case "code":
      return unit.bullet ? never : is.code ? 0 : is.name ? 2 : 10;
    case "number":
      return /^\d+$/.test(unit.text) ? 0 : 10;
    case "description":
      return unit.bullet ? 4 : is.yesNo || (is.type && !is.sentence) ? 4 : is.label || is.sentence ? 0 : 1;
    case "range":
    case "default":
      return unit.bullet ? 3 : is.label ? 4 : is.type ? 3 : is.sentence ? (column === "default" ? 5 : 3) : 0;
    case "message":
      return unit.bullet ? 4 : is.status || is.code ? 6 : is.sentence ? 0.2 : 0.4;
    case "date":
      return /^\d{4}(?:[-/.]\d{1,2}){1,2}$|^\w+ \d{1,2}, \d{4}$/.test(unit.text) ? 0 : never;
    case "grant":
      return unit.bullet ? 1 : is.sentence ? 6 : 0;
    case "words":
      return unit.bullet ? never : is.status ? 8 : is.sentence ? 6 : is.short ? 0 : 3;
    case "token":
      return unit.bullet ? 14 : /^[\w.:-]+$/.test(unit.text) ? 0 : is.sentence ? 10 : 4;
    default:
      return unit.bullet ? 4 : is.sentence ? 2 : is.name && !/^\p{Lu}/u.test(unit.text) ? 1.5 : 1;
  }
}

/** How badly a paragraph fits as a further one of a cell whose last paragraph was `before`. */
function continueCost(column: Slot, unit: Unit, is: Traits, before: Traits): number {
  const words =
    column === "description" ||
    column === "message" ||
    column === "example" ||
    column === "unknown" ||
    column === "grant" ||
    column === "range";
  if (!words) return column === "default" ? 6 : unit.bullet ? 6 : 12;
  if (before.label) return 0;
  if (unit.bullet || unit.code || is.label) return 0;
  // A type alone in a paragraph is the type cell of the next row.
  if (is.type) return 8;
  if (column === "range") return is.sentence ? 1.5 : 0.6;
  if (column === "unknown") return is.sentence && before.sentence ? 2 : 4;
  if (is.yesNo) return 4;
  if (is.dash) return 2;
  return is.sentence ? 0.5 : is.name ? 2.5 : 1;
}

/** A column of unknown meaning whose header speaks of ids holds ids; beside a status stands its name in words. */
type Slot = Column | "token" | "words";

function slotOf(title: string, column: Column, first: Column): Slot {
  if (first === "status" && (column === "name" || /^code$/i.test(title))) return "words";
  return column === "unknown" && /\b(?:id|no\.?|number|code)$/i.test(title) ? "token" : column;
}

const skipCost: Partial<Record<Slot, number>> = {
  token: 8,
  words: 8,
  grant: 6,
  name: 12,
  description: 5,
  message: 7,
  date: 14,
  required: 8,
  type: 8,
  status: 14,
  code: 14,
  range: 5,
  default: 5,
};

export interface Cut {
  /** Per row, per column, the paragraphs of the cell. */
  rows: Unit[][][];
  /** Cost per paragraph: how doubtful the cut is. */
  doubt: number;
}

export function cutRows(units: Unit[], titles: { text: string; column: Column }[]): Cut {
  const columns = titles.map(({ text, column }) => slotOf(text, column, titles[0]?.column ?? "unknown"));
  const k = columns.length;
  const n = units.length;
  if (n === 0 || k === 0) return { rows: [], doubt: 0 };
  // "Definition" in a cell: then "Constraints" and "Range" are labels too, with or without a colon.
  const labelled = units.some(
    (unit) => !unit.bullet && cellLabel(unit.text) === "definition" && /^[A-Z]/.test(unit.text),
  );
  const traits = units.map((unit) => traitsOf(unit, labelled));
  // A leading group column is printed once for many rows.
  const skip = columns.map((column, c) => skipCost[column] ?? (c === 0 ? 0.5 : 6));
  /** Cost of leaving the columns between `from` and `to` (exclusive) empty. */
  const gap = (from: number, to: number): number => {
    let sum = 0;
    for (let c = from + 1; c < to; c += 1) sum += skip[c] as number;
    return sum;
  };
  let cost = columns.map((column, c) => gap(-1, c) + startCost(column, units[0] as Unit, traits[0] as Traits));
  // Where each state came from: the column before, or -1 - column where a new row began.
  const from: Int8Array[] = [new Int8Array(k)];
  const stay = k + 1;
  for (let i = 1; i < n; i += 1) {
    const unit = units[i] as Unit;
    const is = traits[i] as Traits;
    const before = traits[i - 1] as Traits;
    const next = new Array<number>(k);
    const back = new Int8Array(k);
    for (let c = 0; c < k; c += 1) {
      const column = columns[c] as Slot;
      let best = (cost[c] as number) + continueCost(column, unit, is, before);
      let source = stay;
      // A paragraph that begins a cell right after "Value range:" would leave that label without its text.
      const start = startCost(column, unit, is) + (before.label ? 6 : 0);
      for (let p = 0; p < k; p += 1) {
        const same = p < c;
        const total = (cost[p] as number) + start + (same ? gap(p, c) : gap(p, k) + gap(-1, c));
        if (total < best) {
          best = total;
          source = same ? p : -1 - p;
        }
      }
      next[c] = best;
      back[c] = source;
    }
    cost = next;
    from.push(back);
  }
  let column = 0;
  let best = Number.POSITIVE_INFINITY;
  cost.forEach((value, c) => {
    const total = value + gap(c, k);
    if (total < best) {
      best = total;
      column = c;
    }
  });
  const rows: Unit[][][] = [];
  let row: Unit[][] = columns.map(() => []);
  for (let i = n - 1; i >= 0; i -= 1) {
    row[column]?.push(units[i] as Unit);
    if (i === 0) break;
    const source = (from[i] as Int8Array)[column] as number;
    if (source === stay) continue;
    if (source < 0) {
      rows.push(row);
      row = columns.map(() => []);
      column = -1 - source;
    } else column = source;
  }
  rows.push(row);
  rows.reverse();
  for (const cut of rows) for (const cell of cut) cell.reverse();
  return { rows, doubt: best / n };
}
