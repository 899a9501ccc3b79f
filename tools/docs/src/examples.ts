// Examples of a page: what was printed, and what it parses to.
import type { Issue } from "./block.js";
import type { Example } from "./model.js";
import type { Walk } from "./walk.js";

const requestLine = /^\s*(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s+(\S+)/;
const bareUrl = /^\s*(https?:\/\/\S+)/;

export function readExamples(walk: Walk, issues: Issue[]): Example[] {
  const examples: Example[] = [];
  for (const spot of walk.placed) {
    const inExample =
      spot.section === "example" || spot.section === "request example" || spot.section === "response example";
    if (spot.kind === "table" || spot.section === "sdk") continue;
    const isCode = spot.kind === "code";
    if (!isCode && !(inExample && requestLine.test(spot.text))) continue;
    if (!isCode && spot.kind === "text" && !/^\s*\w+ +(?:https?:\/|\/)/.test(spot.text)) continue;
    if (isCode && !inExample && spot.section !== "request" && spot.section !== "response" && spot.section !== "uri")
      continue;
    const example = readExample(spot.text, spot.line);
    if (spot.section === "uri" && example.body === "none") continue;
    example.title = spot.label;
    example.status = spot.status;
    if (example.method || example.url) example.kind = "request";
    else if (spot.section === "request example" || spot.section === "request") example.kind = "request";
    else if (spot.section === "response example" || spot.section === "response" || spot.status !== null)
      example.kind = "response";
    else
      example.kind = /response|output|return/i.test(spot.label)
        ? "response"
        : /request|input/i.test(spot.label)
          ? "request"
          : "unknown";
    const last = examples[examples.length - 1];
    if (
      last &&
      last.kind === "request" &&
      last.body === "none" &&
      example.kind === "request" &&
      !example.url &&
      example.body !== "none" &&
      last.title === example.title
    ) {
      // The request line and its body are often printed apart.
      last.raw = `${last.raw}\n\n${example.raw}`;
      last.body = example.body;
      last.error = example.error;
      if ("parsed" in example) last.parsed = example.parsed;
    } else examples.push(example);
    if (example.body === "broken")
      issues.push({
        code: "example_invalid_json",
        line: example.line,
        message: `the example is not JSON: ${example.error}`,
        quote: example.raw.trim().slice(0, 80),
      });
  }
  return examples;
}

function readExample(raw: string, line: number): Example {
  const example: Example = {
    kind: "unknown",
    status: null,
    title: "",
    raw,
    method: null,
    url: null,
    body: "none",
    error: null,
    line,
  };
  let body = raw;
  const first = requestLine.exec(raw);
  const url = first ? null : bareUrl.exec(raw);
  if (first || url) {
    example.method = first?.[1] ?? null;
    // A long URL is printed over several lines, each beginning with `&`.
    const start = /^[ \t\r]*[{[][ \t]*(?:$|["{}\]])/m.exec(raw.slice((first ?? url)?.[0].length ?? 0));
    const head = start ? raw.slice(0, ((first ?? url)?.[0].length ?? 0) + start.index) : raw;
    example.url =
      (first?.[2] ?? url?.[1] ?? "") +
      head
        .split("\n")
        .slice(1)
        .filter((part) => /^\s*[&?]/.test(part))
        .map((part) => part.trim())
        .join("");
    body = start ? raw.slice(head.length) : "";
  }
  const text = body.trim();
  if (!text) return example;
  if (!/^[{[]/.test(text)) {
    example.body = "other";
    return example;
  }
  try {
    example.parsed = JSON.parse(text);
    example.body = "json";
  } catch (error) {
    example.body = /^[ \t]*(?:\.\.\.|……|…)/m.test(text) || /[,[{]\s*\.{3,}/.test(text) ? "partial" : "broken";
    example.error = error instanceof Error ? error.message.slice(0, 200) : String(error);
  }
  return example;
}
