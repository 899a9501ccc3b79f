// Where the tables of a flattened page begin and end: a caption or columns open one, a title, a label or running text
// closes it.
import { cutRows, type Unit } from "./help-centre-rows.js";
import { isCertainType, readRequired } from "./types.js";
import { type Column, cellLabel, columnRole, isSectionTitle, sectionRole, statusLabel } from "./vocabulary.js";

export const request = /^(?:GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS) https?:\/\/\S+/;

/** "Table 5 object" is the type of a parameter, and so is "Table 5": captions say what the table is about. */
function isTypeReference(text: string): boolean {
  return /^Table \d+(?: objects?)?$/i.test(text);
}

export function isCaption(unit: Unit): boolean {
  if (unit.bullet || unit.code || unit.text.length > 200 || isTypeReference(unit.text)) return false;
  const rest = /^Table \d+(?:[-.]\d+)?\b:?\s*(.*)$/.exec(unit.text)?.[1];
  return rest !== undefined && !/[.;:]$/.test(rest) && !isSentence(rest);
}

/** "Table 2 describes the parameters" is a sentence about a table. */
function isSentence(rest: string): boolean {
  return /^(?:describes|lists|shows|provides|gives|contains|and|or) /i.test(rest);
}

/** Two header words in a row, the first of which names things: a table without a caption. */
export function bareHeader(units: Unit[], i: number): boolean {
  const first = headerWord(units[i]);
  const second = headerWord(units[i + 1]);
  if (first === null || second === null || (first === second && first !== "grant")) return false;
  // "Error Codes" above columns is their title.
  if (isSectionTitle(units[i]?.text ?? "") && units.slice(i + 2, i + 5).some((unit) => headerWord(unit) === first))
    return false;
  if (first === "status" || first === "code") {
    // "Status Code" and "Error Code" are titles as well: below columns stands a code, below titles prose.
    const cell = units.slice(i + 1, i + 8).find((unit) => headerWord(unit) === null);
    return (
      cell !== undefined &&
      !cell.bullet &&
      !cell.code &&
      /^\S+(?: \S+){0,3}$/.test(cell.text) &&
      !isSectionTitle(cell.text)
    );
  }
  if (first === "grant") return second === "grant" && units[i]?.text !== "API";
  // "Constraints" and "Value range" in a row are labels of prose, not columns.
  return first === "name" || first === "date" || (first === "number" && second !== "status");
}

function headerWord(unit: Unit | undefined): Column | null {
  if (!unit || unit.bullet || unit.code || unit.text.length > 60) return null;
  if (statusLabel(unit.text) !== null) return null;
  const role = columnRole(unit.text);
  // "Response Headers" is a title before it is a column; "Status Code" may be either.
  if (role === "name" && isSectionTitle(unit.text)) return null;
  return role === "unknown" ? null : role;
}

export function columnOf(unit: Unit): { text: string; column: Column } {
  return { text: unit.text, column: columnRole(unit.text) };
}

/** How many paragraphs from `start` are column headers; 0 if there is no telling. */
export function headerLength(units: Unit[], start: number): number {
  const indent = units[start]?.indent ?? 0;
  let known = 0;
  let reach = 0;
  const used = new Set<string>();
  for (let i = start; i < units.length && i < start + 12; i += 1) {
    const unit = units[i] as Unit;
    if (unit.bullet || unit.code || unit.indent !== indent || unit.text.length > 60 || /[.:;]$/.test(unit.text)) break;
    if (used.has(unit.text.toLowerCase()) || !/^\p{Lu}/u.test(unit.text)) break;
    const word = headerWord(unit);
    // "No" heads a column of numbers only as the first; further on it is the cell of a row.
    const cell =
      readRequired(unit.text) !== null && columnRole(unit.text) !== "required" && columnRole(unit.text) !== "optional";
    if (i > start && cell) break;
    if (word === null && isCertainType(unit.text) && headerWord(units[i + 1]) === null) break;
    if (statusLabel(unit.text) !== null) break;
    used.add(unit.text.toLowerCase());
    if (word !== null) {
      known += 1;
      reach = i - start + 1;
    }
  }
  const run = used.size;
  if (run < 2) return 0;
  // Which of the words still are headers is not certain: a row may begin with "Action", a column be called anything.
  // Each possible number of columns is tried on the rows, and the best fit taken.
  const least =
    known === run
      ? lastDescription(units, start, run)
      : known
        ? Math.max(2, Math.min(reach, lastDescription(units, start, reach)))
        : 2;
  if (least >= run) return run;
  let best = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let k = run; k >= least; k -= 1) {
    const titles = units.slice(start, start + k);
    const most = Math.min(units.length, start + k + 60);
    const body = units.slice(start + k, tableEnd(units, start + k, indent, titles, most));
    const roles = titles.map(columnOf);
    const { doubt } = cutRows(body, roles);
    if (doubt < lowest - 0.01) {
      lowest = doubt;
      best = k;
    }
  }
  return best;
}

/** Tables end with the column of descriptions; what stands after it may be a column or a cell. */
function lastDescription(units: Unit[], start: number, run: number): number {
  for (let k = 2; k <= run; k += 1) if (columnRole((units[start + k - 1] as Unit).text) === "description") return k;
  return run;
}

/** Where the table whose cells begin at `start` ends: at a title, a caption, a label, other columns or a lesser indent. */
export function tableEnd(units: Unit[], start: number, indent: number, titles: Unit[], most = units.length): number {
  const described = columnRole(titles[titles.length - 1]?.text ?? "") === "description";
  for (let i = start; i < most; i += 1) {
    const unit = units[i] as Unit;
    if (unit.indent < indent) return i;
    const next = units[i + 1];
    if (unit.bullet) {
      if (isSectionTitle(unit.text) && next?.code && exampleLabel.test(unit.text)) return i;
      continue;
    }
    // A request is an example, and the line before it its label; neither stands in a cell.
    if (unit.code && request.test(unit.text) && !rowFollows(units, i + 1, indent))
      return units[i - 1]?.text.endsWith(":") && i - 1 > start ? i - 1 : i;
    if (unit.code) continue;
    if ((/^Table \d+\b/.test(unit.text) && !isTypeReference(unit.text)) || statusLabel(unit.text) !== null) return i;
    if (/^Step \d+\b/.test(unit.text) || (unit.text.includes(":") && exampleLabel.test(unit.text))) return i;
    // Other columns begin another table, and the line before them is its title.
    if (i > start && unit.text === titles[0]?.text && headerWord(next) !== null && bareHeader(units, i))
      return isLabel(units[i - 1]) && !wantsDescription(units, i - 2) && i - 1 > start ? i - 1 : i;
    if (
      isSectionTitle(unit.text) &&
      !insideCell(units, i) &&
      !beginsRow(next) &&
      !(described && i > start && wantsDescription(units, i - 1))
    )
      return i;
  }
  return most;
}

const exampleLabel =
  /^(?:(?:examples?|samples?|normal|abnormal)(?: of (?:an? |the )?)? ?(?:requests?|responses?)|(?:requests?|responses?) (?:examples?|samples?))\s*(?::.{0,40})?$/i;

/** Whether a name with a type or a yes comes before any title, caption or code: then the table goes on. */
export function rowFollows(units: Unit[], start: number, indent: number): boolean {
  for (let i = start; i < Math.min(units.length - 1, start + 12); i += 1) {
    const [name, cell] = [units[i] as Unit, units[i + 1] as Unit];
    if (name.indent < indent || name.code || isSectionTitle(name.text) || /^Table \d/.test(name.text)) return false;
    if (!name.bullet && !cell.bullet && !cell.code && /^[\w.:-]+$/.test(name.text) && wantsDescription(units, i + 1))
      return true;
  }
  return false;
}

/** After a type or a yes that follows a name comes a description, even if it reads like a title: "Error code". */
function wantsDescription(units: Unit[], i: number): boolean {
  const [name, unit] = [units[i - 1], units[i]];
  if (!unit || unit.bullet || unit.code || !name || name.bullet || name.code) return false;
  const cell = (one: Unit): boolean => isCertainType(one.text) || readRequired(one.text) !== null;
  return (
    cell(unit) && (cell(name) || (/^\S+$/.test(name.text) && cellLabel(name.text) === null && !/[.:]$/.test(name.text)))
  );
}

/** A short line without an end: the title of what follows. */
export function isLabel(unit: Unit | undefined): boolean {
  return unit !== undefined && !unit.bullet && !unit.code && unit.text.length <= 80 && !/[.,;!?]$/.test(unit.text);
}

/** A parameter may be called "Description": a type or a yes follows it, which never follows a title. */
function beginsRow(next: Unit | undefined): boolean {
  if (!next || next.bullet || next.code || headerWord(next) !== null) return false;
  return isCertainType(next.text) || readRequired(next.text) !== null;
}

/** What follows a table as running text is none of its last cell, where it can be told. */
export function withoutTail(units: Unit[], start: number, end: number, caption: string, titles: Unit[]): number {
  const statuses = columnRole(titles[0]?.text ?? "") === "status";
  const number = /^Table \d+(?:[-.]\d+)?\b/.exec(caption)?.[0];
  let last = end;
  while (last - 1 > start) {
    const unit = units[last - 1] as Unit;
    const before = units[last - 2];
    if (unit.bullet || unit.code || wantsDescription(units, last - 2) || !/[.:]$/.test(unit.text)) break;
    const closed = /^(?:N\/A|None)\.?$/i.test(before?.text ?? "") && cellLabel(unit.text) === null;
    if (
      !(number && new RegExp(`\\b${number}\\b`).test(unit.text)) &&
      !(closed && /^[A-Z].*\s.*\s/.test(unit.text)) &&
      !(statuses && /^(?:for|see) .*\b(?:status|error) codes?\b/i.test(unit.text)) &&
      !/\b(?:request|response) examples?\b|\bas (?:an )?examples?\.$|^(?:exception|abnormal) /i.test(unit.text)
    )
      break;
    last -= 1;
  }
  return last;
}

/** "Constraints" is a section on the page and a label in a cell; a cell has labels of its kind before or after. */
function insideCell(units: Unit[], i: number): boolean {
  const own = cellLabel(units[i]?.text ?? "");
  if (own === null) return false;
  for (let at = i - 1; at >= Math.max(0, i - 60); at -= 1) {
    const text = units[at]?.text ?? "";
    const label = cellLabel(text);
    if (label === "definition") return true;
    if (label === null && isSectionTitle(text)) return false;
    if (isCertainType(text) || readRequired(text) !== null)
      return cellLabel(units[i + 2]?.text ?? "") !== null && sectionRole(text) === null;
  }
  for (let at = i + 1; at < Math.min(units.length, i + 40); at += 1) {
    const text = units[at]?.text ?? "";
    const label = cellLabel(text);
    if (label === "range" || label === "default") return true;
    if ((label === null && isSectionTitle(text)) || /^Table \d+\b/.test(text)) return false;
  }
  return false;
}
