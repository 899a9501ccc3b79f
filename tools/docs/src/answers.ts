// Status codes, error codes, rate limit and constraints.
import type { Issue } from "./block.js";
import type { RowReading } from "./fields.js";
import type { Matrix } from "./matrix.js";
import type { Answer, ErrorCode, RateLimit } from "./model.js";
import type { Walk } from "./walk.js";

export type CodeReading = { answer: Answer } | { error: ErrorCode } | Exclude<RowReading, { field: unknown }>;

export function readStatuses(matrix: Matrix, table: number, firstRow: number, issues: Issue[]): CodeReading[] {
  const status = matrix.columns.indexOf("status");
  return matrix.rows.map((row, i): CodeReading => {
    if (row.banner) return { skipped: "a title across all columns" };
    const text = row.cells[status]?.text ?? "";
    const found = /^(\d{3})\b/.exec(text)?.[1];
    const rest = row.cells
      .filter((cell, c) => c !== status && row.own[c] && cell)
      .map((cell) => cell?.text ?? "")
      .join(" ")
      .trim();
    if (!row.own[status]) return { skipped: "continues the row above" };
    if (!found) {
      if (row.cells.every((cell) => !cell?.text)) return { skipped: "an empty row" };
      if (/^(?:default|others?|all others?)$/i.test(text)) return { skipped: "stands for all other statuses" };
      issues.push({
        code: "status_not_understood",
        line: row.line,
        message: "the status cell is no status code",
        table,
        row: firstRow + i,
        quote: text,
      });
      return { unread: "the status cell is no status code" };
    }
    return {
      answer: { status: Number(found), description: rest || text.slice(3).trim(), source: "table", line: row.line },
    };
  });
}

export function readErrors(matrix: Matrix, table: number, firstRow: number, issues: Issue[]): CodeReading[] {
  const code = matrix.columns.indexOf("code");
  const status = matrix.columns.indexOf("status");
  return matrix.rows.map((row, i): CodeReading => {
    if (row.banner) return { skipped: "a title across all columns" };
    const text = row.cells[code]?.text ?? "";
    const clean = text.replace(/\.\s+(?=\d)/, ".");
    const rest = row.cells
      .filter((cell, c) => c !== code && c !== status && cell)
      .map((cell) => cell?.text ?? "")
      .join(" ")
      .trim();
    if (!row.own[code] && text) return { skipped: "continues the row above" };
    if (!text || /\s/.test(clean)) {
      if (row.cells.every((cell) => !cell?.text)) return { skipped: "an empty row" };
      issues.push({
        code: "error_code_not_understood",
        line: row.line,
        message: "the cell is no error code",
        table,
        row: firstRow + i,
        quote: text,
      });
      return { unread: "the cell is no error code" };
    }
    const http = /^\d{3}$/.exec(row.cells[status]?.text ?? "")?.[0];
    return {
      error: {
        code: clean,
        status: http ? Number(http) : null,
        description: rest,
        table,
        row: firstRow + i,
        line: row.line,
      },
    };
  });
}

/** Statuses that stand in labels and prose: "Status code: 200", and "Normal" followed by "200". */
export function statusesInText(walk: Walk): Answer[] {
  const found: Answer[] = walk.statusLabels.map(({ status, line }) => ({
    status,
    description: "",
    source: "label",
    line,
  }));
  for (const spot of walk.placed) {
    if (spot.kind !== "text" || (spot.section !== "statuses" && spot.base !== "statuses")) continue;
    const status =
      /^(?:(?:normal|success(?:ful)?|abnormal|returned value|status code)\s*:?\s*)?(\d{3})(?:\s*[.:,(-]?\s+(?=\D)(.{0,200}))?\.?$/i.exec(
        spot.text.slice(0, 300),
      );
    if (status)
      found.push({ status: Number(status[1]), description: status[2] ?? "", source: "text", line: spot.line });
  }
  return found.filter(({ status }) => status >= 100 && status < 600);
}

/** One answer a status, the table's before a label's. */
export function mergeAnswers(answers: Answer[]): Answer[] {
  const order = { table: 0, text: 1, label: 2 };
  const byStatus = new Map<number, Answer>();
  for (const answer of answers) {
    const known = byStatus.get(answer.status);
    if (!known || order[answer.source] < order[known.source]) byStatus.set(answer.status, answer);
  }
  return [...byStatus.values()].sort((a, b) => a.status - b.status);
}

export function readRateLimit(walk: Walk): RateLimit | null {
  for (const spot of walk.placed) {
    if (spot.kind !== "text" || spot.section === "errors" || spot.section === "sdk") continue;
    if (!/limit|frequency|at most|maximum|up to/i.test(spot.text)) continue;
    const found =
      /(\d[\d,]*)\s*(?:requests?|times|calls|queries)(?: can be \w+| are \w+| is \w+)?\s*(?:\/|per|every|a|each)\s*(second|sec|s|minute|min|hour)\b/i.exec(
        spot.text.slice(0, 1000),
      );
    if (!found) continue;
    const unit = (found[2] as string).toLowerCase();
    const per = unit.startsWith("s") ? "second" : unit.startsWith("m") ? "minute" : "hour";
    return { limit: Number((found[1] as string).replaceAll(",", "")), per, text: spot.text, line: spot.line };
  }
  return null;
}

export function readConstraints(walk: Walk): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = [];
  for (const spot of walk.placed)
    if (spot.kind === "text" && spot.base === "constraints") found.push({ text: spot.text, line: spot.line });
  return found;
}
