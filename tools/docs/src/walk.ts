// Walks the blocks of a page once and says of each in which section it stands.
import type { Block, Grid } from "./block.js";
import { isSectionTitle, type Section, sectionRole, statusLabel } from "./vocabulary.js";

export interface Spot {
  section: Section | null;
  /** The role of the heading above, whatever the label between says. */
  base: Section | null;
  /** The text of the heading above. */
  heading: string;
  /** The text of the last label or heading above. */
  label: string;
  /** From a "Status code: 200" above. */
  status: number | null;
  /** Below "Abnormal response" and the like. */
  abnormal: boolean;
}

export type Placed = Spot &
  (
    | { kind: "text"; text: string; line: number; item: boolean }
    | { kind: "code"; text: string; line: number }
    | { kind: "table"; grid: Grid; line: number }
  );

export interface Walk {
  title: string;
  placed: Placed[];
  sections: Set<Section>;
  statusLabels: { status: number; line: number; section: Section | null }[];
}

export function walk(blocks: Block[], title: string | undefined): Walk {
  const result: Walk = { title: title ?? "", placed: [], sections: new Set(), statusLabels: [] };
  const stack: { level: number; role: Section | null }[] = [];
  let spot: Spot = { section: null, base: null, heading: "", label: "", status: null, abnormal: false };
  let labelDepth = -1;
  let first = true;
  const enter = (text: string, role: Section | null): void => {
    if (role) result.sections.add(role);
    spot = {
      ...spot,
      section: role,
      label: text,
      abnormal: /\babnormal\b|\bfail(?:ed|ure)\b|\berror response/i.test(text),
    };
  };
  for (const block of blocks) {
    if (block.kind === "heading") {
      while (stack.length && (stack[stack.length - 1]?.level ?? 0) >= block.level) stack.pop();
      const isTitle = first && !result.title && (block.level === 1 || sectionRole(block.text) === null);
      const same = first && result.title === block.text;
      first = false;
      const role = isTitle || same ? null : (sectionRole(block.text) ?? stack[stack.length - 1]?.role ?? null);
      if (isTitle) result.title = block.text;
      stack.push({ level: block.level, role });
      spot = { ...spot, heading: block.text, base: role, status: null };
      labelDepth = -1;
      enter(block.text, role);
      continue;
    }
    if (block.kind === "text") {
      const status = statusLabel(block.text);
      if (status !== null) {
        spot = { ...spot, status };
        result.statusLabels.push({ status, line: block.line, section: spot.section });
        continue;
      }
      const bare = block.text.replace(/\s*:$/, "");
      const label =
        block.text.length < 70 &&
        (isSectionTitle(bare) ||
          ((block.strong || block.item) && !/[.;,]$/.test(block.text) && !/https?:|\s\/|[{}]/.test(block.text)));
      // "request" in small letters is the name of a field.
      const role = label && /^[^a-z]/.test(bare) ? sectionRole(bare) : null;
      if (role) {
        if (role !== spot.section) spot = { ...spot, status: null };
        labelDepth = block.depth;
        enter(bare, role);
        result.placed.push({ ...spot, kind: "text", text: block.text, line: block.line, item: block.item });
        continue;
      }
      if (label && (block.item || block.strong)) {
        // A label that says nothing still ends what a label before it began.
        if (block.item && labelDepth >= 0 && block.depth <= labelDepth) {
          labelDepth = -1;
          enter(bare, spot.base);
        } else spot = { ...spot, label: bare };
      }
      result.placed.push({ ...spot, kind: "text", text: block.text, line: block.line, item: block.item });
    } else if (block.kind === "code") {
      result.placed.push({ ...spot, kind: "code", text: block.text, line: block.line });
    } else {
      result.placed.push({ ...spot, kind: "table", grid: block.grid, line: block.grid.line });
    }
  }
  return result;
}
