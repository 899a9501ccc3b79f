// A page as an OpenAPI document in our conventions, for a person to edit.
import type { Issue } from "../block.js";
import type { Page, RateLimit, Structure } from "../model.js";
import { draftAnswers } from "./answers.js";
import { answerBodies, documentedCall } from "./calls.js";
import { draftInputs } from "./inputs.js";
import { kebab, nameOperation } from "./names.js";
import { type Data, excerpt, Notes } from "./notes.js";
import { paging } from "./paging.js";
import { collectSamples } from "./samples.js";
import type { Workshop } from "./schemas.js";
import { draftShared } from "./shared.js";
import { describe, type Sisters } from "./sisters.js";
import { withStructures } from "./structures.js";
import { unusable } from "./tree.js";

export interface DraftOptions {
  /** Where a reader finds the page. */
  url?: string;
  /** Structures that stand on another page of the vendor's. */
  structures?: readonly Structure[];
  /** What the other specs of the service say already. */
  sisters?: Sisters;
}

export interface Draft {
  operationId: string;
  /** `<operation>.yaml`. */
  file: string;
  operation: string;
  shared: string;
  /** A docs.yaml for a service that has none. */
  register: string;
  /** How many `# check:` notes the operation has. */
  checks: number;
}

/** Methods that specs know. */
const methods = new Set(["GET", "PUT", "POST", "PATCH", "DELETE"]);
const seconds: Record<RateLimit["per"], number> = { second: 1, minute: 60, hour: 3600 };

/** Null, and why, where a page describes no operation. */
export function draftPage(source: Page, options: DraftOptions = {}): Draft | { refused: string } {
  const { method, path } = source.operation;
  if (path === null || method === null) return { refused: "the page describes no operation, or its URI was not read" };
  if (!methods.has(method)) return { refused: `specs know no ${method}` };
  const page = withStructures(source, options.structures ?? []);
  const notes = new Notes();
  const { operationId, stated } = nameOperation(page);
  const rpc = page.operation.action !== null;
  const call = documentedCall(page, rpc);
  const schemas: Record<string, Data> = {};
  const bodies = answerBodies(page, null).map(({ body }) => body);
  const unwrapped = rpc ? bodies.map((body) => (body as { Response?: unknown } | null)?.Response ?? body) : bodies;
  const sent = page.examples.filter(({ kind, parsed }) => kind === "request" && parsed !== undefined);
  const told = new Set<Issue>();
  const shop = (request: boolean): Workshop => ({
    notes,
    schemas,
    request,
    long: rpc,
    samples: collectSamples(request ? sent.map(({ parsed }) => parsed) : unwrapped),
    oddities: ({ table, row }) =>
      page.issues
        .filter((issue) => issue.table === table && issue.row === row)
        .map((issue) => {
          told.add(issue);
          return oddity(issue);
        }),
  });
  const inputs = draftInputs(page, shop(true), operationId, call);
  const answers = draftAnswers(page, shop(false), operationId);
  const operation: Data = {
    operationId,
    summary: `Describe: ${operationId}`,
    description: `Describe: what a caller of ${operationId} must know.`,
    externalDocs: { url: options.url ?? "https://docs.invalid/" },
    "x-effect": effectOf(page),
    ...limits(page, notes),
    ...paging(page, notes),
    ...errors(page, notes, options.sisters),
    ...(inputs.parameters.length > 0 ? { parameters: inputs.parameters } : {}),
    ...(inputs.requestBody ? { requestBody: inputs.requestBody } : {}),
    responses: answers.responses,
  };
  if (!stated) notes.at(operation, "operationId", "made from the title: take the vendor's own name");
  if (options.url === undefined) notes.at(operation, "externalDocs", "the address of the page");
  noteEffect(operation, page, notes);
  noteBehaviour(operation, page, notes);
  noteIssues(page, told, notes);
  noteUnusable(page, notes);
  const version = page.operation.version ?? /^\/(v\d[\d.]*)/.exec(path)?.[1] ?? null;
  const document: Data = {
    openapi: "3.1.0",
    info: {
      title: `Describe: ${operationId}`,
      version: version ?? "v1",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths: { [path]: { [method.toLowerCase()]: operation } },
    ...(Object.keys(schemas).length > 0 ? { components: { schemas } } : {}),
  };
  if (options.sisters) describe(document, options.sisters);
  return {
    operationId,
    file: `${kebab(operationId)}.yaml`,
    operation: notes.print(document),
    shared: draftShared({
      rpc,
      host: page.operation.host,
      version,
      failures: answers.failures,
      errorFields: page.parameters.filter(({ in: place, status }) => place === "response" && (status ?? 0) >= 400),
      projectId: inputs.projectId,
      projectExample: call.path.project_id ?? null,
    }),
    register: registerOf(page, operationId, options.url),
    checks: notes.count,
  };
}

function registerOf(page: Page, operationId: string, url = "https://docs.invalid/"): string {
  const notes = new Notes();
  const entry: Data = { url, locator: "", revision: "", dialect: page.dialect };
  notes.at(entry, "locator", "the source of the page, or the site's id of it");
  notes.at(entry, "revision", "its date");
  return notes.print({ pages: { [operationId]: entry }, discrepancies: [] });
}

/** Anything but `read` is never sent again; of the others the page cannot tell, the worst is taken. */
function effectOf(page: Page): string {
  const { method, action } = page.operation;
  if (action !== null) return /^(?:Describe|List|Query|Get|Inquiry)/.test(action) ? "read" : "overwrites";
  return method === "GET" ? "read" : method === "DELETE" ? "deletes" : "overwrites";
}

function noteEffect(operation: Data, page: Page, notes: Notes): void {
  const why = page.operation.action === null ? page.operation.method : "its name";
  notes.at(operation, "x-effect", `guessed from ${why}: read, creates, changes, overwrites or deletes?`);
}

function noteBehaviour(operation: Data, page: Page, notes: Notes): void {
  const results = page.parameters.filter(({ in: place }) => place === "response");
  const task = results.find(({ path }) => /^(?:task_?id|job_?id|restore_id|backup_id)$/i.test(path));
  if (task && page.operation.method !== "GET") {
    const named = /\b(?:Describe|Query|List|Show|Get)[A-Z]\w+/.exec(task.description)?.[0];
    notes.at(operation, "responses", `a link to ${named ?? "the operation that tells how the task stands"}`);
  }
  const errorExamples = page.examples.filter(({ status }) => (status ?? 0) >= 400);
  if (errorExamples.length > 0)
    notes.at(operation, "responses", `error examples on line ${errorExamples.map(({ line }) => line).join(", ")}`);
}

function limits(page: Page, notes: Notes): Data {
  if (page.rateLimit === null) return {};
  const limit = { requests: page.rateLimit.limit, seconds: seconds[page.rateLimit.per], per: "account" };
  notes.at(limit, "per", `line ${page.rateLimit.line}: per account or per user?`);
  return { "x-rate-limit": limit };
}

function errors(page: Page, notes: Notes, sisters: Sisters | undefined): Data {
  if (page.errorCodes.length === 0) return {};
  const rpc = page.operation.action !== null;
  const codes: Data = {};
  for (const { code, status, line } of page.errorCodes) {
    if (unusable.has(code)) continue;
    const known = sisters?.errors.get(code);
    if (Object.hasOwn(codes, code)) notes.at(codes, code, `line ${line}: the page lists it again`);
    else if (known && (rpc || status === null || known.status === status)) codes[code] = known;
    else if (!rpc && (status === null || status < 400)) {
      codes[code] = { status: 400, meaning: `Describe: ${code}.` };
      notes.at(
        codes,
        code,
        `line ${line}: ${status === null ? "the page gives no status" : `status ${status} on the page`}`,
      );
    } else codes[code] = { status: rpc ? 200 : status, meaning: `Describe: ${code}.` };
  }
  return { "x-errors": codes };
}

function noteUnusable({ parameters, errorCodes }: Page, notes: Notes): void {
  for (const { name, line } of [...parameters, ...errorCodes.map(({ code, line: at }) => ({ name: code, line: at }))])
    if (unusable.has(name)) notes.atTop(`line ${line}: no generated code can have the name ${name}: left out`);
}

/** What the reader found odd outside the rows that became parts of the document. */
function noteIssues(page: Page, told: ReadonlySet<Issue>, notes: Notes): void {
  for (const issue of page.issues) if (!told.has(issue)) notes.atTop(oddity(issue));
  for (const [reason, rows] of Object.entries(page.counts.reasons))
    notes.atTop(`${rows} rows of the page are not in here: ${reason}`);
}

function oddity({ line, message, quote }: Issue): string {
  return `line ${line}: ${message}${quote ? ` [${excerpt(quote)}]` : ""}`;
}
