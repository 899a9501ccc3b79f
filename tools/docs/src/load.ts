// Brings a page from disk; a page too large to read is not even loaded.
import { readFileSync, statSync } from "node:fs";
import type { Page } from "./model.js";
import { largestPage, readPage, tooLarge } from "./page.js";

export function loadPage(file: string): Page {
  const { size } = statSync(file);
  return size > largestPage ? tooLarge(file, size) : readPage(file, readFileSync(file));
}
