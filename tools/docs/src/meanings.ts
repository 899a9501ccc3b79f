// What each value of a list and each error code means, in the words of the page.

import { literal } from "./literal.js";
import type { Page } from "./model.js";

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/^[\s,.;]+|[\s,.;()（）]+$/g, "");

/** The first words behind each value: "1: waiting; 2: done", "1 (waiting) or 2 (done)". */
export function meaningsOf(values: string[] | null, description: string): Map<string, string> {
  const text = description.slice(0, 5000);
  const spots = (values ?? []).slice(0, 100).flatMap((value) => {
    const found = new RegExp(
      `(?<![\\w.-])["'“]?${literal(value)}["'”]?\\s*(?:[:：(（]|\\s[-–—]\\s|\\s(?:means|indicates|represents|stands for|is)\\s)`,
    ).exec(text);
    return found ? [{ value, from: found.index, to: found.index + found[0].length }] : [];
  });
  spots.sort((a, b) => a.from - b.from);
  return new Map(
    spots.map(({ value, to }, i) => {
      const own = text.slice(to, spots[i + 1]?.from);
      return [value, plain(own.split(/[.;；。](?:\s|$)/)[0] ?? "")];
    }),
  );
}

export const codeMeanings = ({ errorCodes }: Page): Map<string, string> =>
  new Map(errorCodes.map(({ code, description }) => [code, plain(description)]));
