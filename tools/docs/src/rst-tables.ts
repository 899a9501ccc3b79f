// Where the cells of reStructuredText's drawn tables lie. What stands in them is the block reader's business.

export interface Box {
  lines: string[];
  /** Index of the first line, counted from the table's first. */
  at: number;
  colspan: number;
  rowspan: number;
}

export interface Drawing {
  /** Rows above the `===` rule. */
  headers: Box[][];
  rows: Box[][];
  /** What does not fit the drawing. */
  faults: { at: number; message: string }[];
}

const filler = "\u0000";
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/g;

/** A wide character takes two columns of the drawing. */
function padWide(lines: string[]): string[] {
  return lines.map((line) => line.replace(wide, (char) => char + filler));
}

function cut(lines: string[], from: number, to: number): string[] {
  return lines.map((line) => line.slice(from, to).replaceAll(filler, "").trimEnd());
}

export function isGridBorder(line: string): boolean {
  return /^\+[-=+]+\+$/.test(line);
}

export function isSimpleBorder(line: string): boolean {
  return /^=+(?: +=+)+$/.test(line);
}

/** Positions of `+` that end a run of `-` or `=`: text with a plus sign in it is no border. */
function corners(line: string, found: Set<number>): void {
  let i = line.indexOf("+");
  while (i !== -1) {
    let end = i + 1;
    while (line[end] === "-" || line[end] === "=" || line[end] === "+") end += 1;
    const last = line.lastIndexOf("+", end - 1);
    if (last > i + 1) for (let at = i; at <= last; at += 1) if (line[at] === "+") found.add(at);
    i = line.indexOf("+", end);
  }
}

/** Number of columns a table may have; beyond it the drawing is taken for an attack or an accident. */
const mostColumns = 200;

export function readGrid(source: string[]): Drawing | null {
  const lines = padWide(source);
  const width = (lines[0] as string).length;
  const faults: Drawing["faults"] = [];
  const found = new Set<number>();
  for (const line of lines) corners(line.slice(0, width), found);
  const bounds = [...found].sort((a, b) => a - b).filter((at, i, all) => i === 0 || at - (all[i - 1] as number) > 1);
  const columns = bounds.length - 1;
  if (columns < 1 || columns > mostColumns) return null;
  const border = (y: number, c: number): boolean => {
    const line = lines[y] as string;
    const from = bounds[c] as number;
    const to = bounds[c + 1] as number;
    const mark = line[from + 1];
    if (mark !== "-" && mark !== "=") return false;
    for (let x = from + 2; x < to; x += 1) if (line[x] !== mark) return false;
    return "+-=|".includes(line[from] ?? " ") && "+-=|".includes(line[to] ?? " ");
  };
  const rules: number[] = [];
  let headerEnd = -1;
  const isRule: boolean[][] = [];
  lines.forEach((line, y) => {
    if (line.length !== width) faults.push({ at: y, message: "the line is not as wide as the table" });
    const at = bounds.slice(1).map((_, c) => border(y, c));
    if (!at.includes(true)) return;
    if (at.every(Boolean) && line[1] === "=" && rules.length > 0) headerEnd = rules.length;
    rules.push(y);
    isRule.push(at);
  });
  if (rules.length < 2) return null;
  const bands = rules.length - 1;
  const wall = (band: number, c: number): boolean => {
    const x = bounds[c + 1] as number;
    for (let y = (rules[band] as number) + 1; y < (rules[band + 1] as number); y += 1) {
      const char = (lines[y] as string)[x];
      if (char !== "|" && char !== "+") return false;
    }
    return true;
  };
  const taken = Array.from({ length: bands }, () => new Array<boolean>(columns).fill(false));
  const rows: Box[][] = [];
  for (let band = 0; band < bands; band += 1) {
    const row: Box[] = [];
    for (let c = 0; c < columns; c += 1) {
      if (taken[band]?.[c]) continue;
      let right = c + 1;
      while (right < columns && !taken[band]?.[right] && !wall(band, right - 1)) right += 1;
      let below = band + 1;
      while (below < bands && !isRule[below]?.slice(c, right).includes(true)) below += 1;
      for (let y = band; y < below; y += 1) taken[y]?.fill(true, c, right);
      const at = (rules[band] as number) + 1;
      row.push({
        lines: cut(lines.slice(at, rules[below]), (bounds[c] as number) + 1, bounds[right] as number),
        at,
        colspan: right - c,
        rowspan: below - band,
      });
    }
    rows.push(row);
  }
  return {
    headers: headerEnd > 0 ? rows.slice(0, headerEnd) : [],
    rows: headerEnd > 0 ? rows.slice(headerEnd) : rows,
    faults,
  };
}

export function readSimple(source: string[]): Drawing {
  const lines = padWide(source);
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of (lines[0] as string).matchAll(/=+/g)) {
    starts.push(match.index);
    ends.push(match.index + match[0].length);
  }
  const faults: Drawing["faults"] = [];
  const last = starts.length - 1;
  const groups: Box[][][] = [[]];
  let row: { text: string[]; at: number } | null = null;
  const close = (spans?: [number, number][]): void => {
    if (!row) return;
    const { text, at } = row;
    row = null;
    while (text.length && !text[text.length - 1]?.trim()) text.pop();
    const ranges = spans ?? starts.map((_, c): [number, number] => [c, c]);
    groups[groups.length - 1]?.push(
      ranges.map(([from, to]) => ({
        lines: cut(text, starts[from] as number, to === last ? Number.POSITIVE_INFINITY : (starts[to + 1] as number)),
        at,
        colspan: to - from + 1,
        rowspan: 1,
      })),
    );
  };
  for (let y = 1; y < lines.length; y += 1) {
    const line = lines[y] as string;
    if (isSimpleBorder(line)) {
      close();
      if (y < lines.length - 1) groups.push([]);
      continue;
    }
    if (/^ *-+(?: +-+)* *$/.test(line) && row && line.trim().length > 1 && spansOf(line, starts, ends)) {
      close(spansOf(line, starts, ends) ?? undefined);
      continue;
    }
    if (!line.trim()) {
      if (row) row.text.push("");
      continue;
    }
    const inFirst = line.slice(0, ends[0]).trim() !== "";
    if (inFirst || !row) {
      close();
      row = { text: [line], at: y };
    } else row.text.push(line);
    for (let c = 0; c < last; c += 1) {
      const gap = line.slice(ends[c], starts[c + 1]);
      if (gap.replaceAll(filler, "").trim()) faults.push({ at: y, message: "text runs over the edge of its column" });
    }
  }
  close();
  const body = groups.length > 1 ? groups.slice(1).flat() : (groups[0] as Box[][]);
  return { headers: groups.length > 1 ? (groups[0] as Box[][]) : [], rows: body, faults };
}

/** `---- ----` under a row says which columns its cells span; it counts only if it starts and ends at column edges. */
function spansOf(line: string, starts: number[], ends: number[]): [number, number][] | null {
  const spans: [number, number][] = [];
  for (const match of line.matchAll(/-+/g)) {
    const from = starts.indexOf(match.index);
    const to = ends.indexOf(match.index + match[0].length);
    if (from === -1 || to === -1) return null;
    spans.push([from, to]);
  }
  return spans.length ? spans : null;
}
