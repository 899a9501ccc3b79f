// The words by which pages name their columns, sections and types. Roles are found by these words, never by position.

export type Column =
  | "name"
  | "required"
  | "optional"
  | "type"
  | "place"
  | "description"
  | "default"
  | "range"
  | "example"
  | "status"
  | "code"
  | "message"
  | "number"
  | "grant"
  | "date"
  | "unknown";

const columns: Record<Exclude<Column, "unknown">, string[]> = {
  name: [
    "parameter",
    "parameters",
    "parameter name",
    "param",
    "name",
    "field",
    "field name",
    "attribute",
    "attribute name",
    "key",
    "member",
    "member name",
    "element",
    "header",
    "header name",
    "property",
    "argument",
    "input parameter",
    "output parameter",
  ],
  required: [
    "mandatory",
    "required",
    "is mandatory",
    "is required",
    "mandatory or not",
    "mandatory or optional",
    "mandatory/optional",
    "mandatory (yes/no)",
    "required or not",
    "compulsory",
    "required/optional",
    "m/o",
  ],
  optional: ["optional", "optional or not"],
  type: [
    "type",
    "parameter type",
    "param type",
    "data type",
    "field type",
    "value type",
    "attribute type",
    "field type",
    "parameter data type",
  ],
  place: ["in", "location", "position", "parameter location"],
  description: [
    "description",
    "descriptions",
    "desc",
    "parameter description",
    "meaning",
    "remarks",
    "remark",
    "note",
    "notes",
    "explanation",
    "details",
    "function",
    "what's new",
    "what’s new",
  ],
  default: ["default value", "default", "defaults"],
  range: [
    "value range",
    "range",
    "values",
    "allowed values",
    "valid values",
    "value",
    "available value",
    "constraint",
    "constraints",
    "restrictions",
    "enumeration",
  ],
  example: ["example", "example value", "sample", "sample value", "examples"],
  status: [
    "status code",
    "status codes",
    "http status code",
    "http code",
    "http status",
    "returned value",
    "returned values",
    "return values",
    "return value",
    "returned code",
    "return code",
    "response code",
    "code (status)",
  ],
  code: ["error code", "error codes", "errorcode", "error_code", "code"],
  message: ["error message", "error messages", "message", "error information", "error msg", "error_msg"],
  grant: [
    "action",
    "access level",
    "resource type",
    "condition key",
    "alias",
    "dependencies",
    "permission",
    "authorization scope",
    "iam project",
    "enterprise project",
    "api",
  ],
  date: ["released on", "release date", "date", "issue date", "updated on", "revision date"],
  number: ["no.", "no", "#", "serial no.", "sn", "s/n", "number"],
};

const columnOf = new Map<string, Column>();
for (const [column, words] of Object.entries(columns)) for (const word of words) columnOf.set(word, column as Column);

/** The role of a column, by the text of its header. */
export function columnRole(header: string): Column {
  const text = header
    .slice(0, 200)
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[*:]+$/, "")
    .trim();
  const known = columnOf.get(text);
  if (known) return known;
  const short = text.replace(/\s*[(（][^()（）]*[)）]$/, "").slice(0, 100);
  return columnOf.get(short) ?? loose.find(([, pattern]) => pattern.test(short))?.[0] ?? "unknown";
}

/** What a header means where it is none of the usual words: "Response Item", "Whether Mandatory", "Field Description". */
const loose: [Column, RegExp][] = [
  ["required", /\b(?:mandatory|required|compulsory)\b/],
  ["optional", /\boptional\b/],
  ["default", /^default\b/],
  [
    "message",
    /^(?:solutions?|measures?|suggestions?|causes?|troubleshooting|(?:handling|processing|possible|error) (?:measures?|methods?|suggestions?|causes?|information|descriptions?|messages?))$/,
  ],
  ["status", /\b(?:status|return(?:ed)?|response|http) codes?$/],
  ["code", /\berror codes?$/],
  ["type", /^(?:data|value|parameter|param|field|attribute|variable|element|property|json|item|member) ?types?$/],
  ["description", /\b(?:descriptions?|explanations?|meaning|remarks?)$/],
  ["range", /\b(?:value range|valid values?|allowed values?|possible values?|enumerat\w+|constraints?|restrictions?)$/],
  ["example", /^(?:examples?|samples?) (?:values?|usage)$|\bexamples?$/],
  [
    "name",
    /^(?:(?:request|response|input|output|body|query|path|uri|url|header|field|json|return(?:ed)?|common|data) ?){1,3}(?:parameters?|fields?|attributes?|items?|elements?|names?|members?|propert(?:y|ies)|arguments?|variables?|headers?|keys?)$/,
  ],
  [
    "name",
    /^(?:parameter|field|attribute|item|element|member|property|argument|variable|header|key|input|output)s?(?: names?)?$/,
  ],
];

export type Section =
  | "function"
  | "constraints"
  | "authorization"
  | "debugging"
  | "uri"
  | "request"
  | "response"
  | "request example"
  | "response example"
  | "example"
  | "statuses"
  | "errors"
  | "sdk"
  | "history";

/** The role of a section, by its title; null for a title that says nothing about it. */
export function sectionRole(title: string): Section | null {
  const text = title
    .toLowerCase()
    .slice(0, 200)
    .replace(/^\s*(?:\d+[.)]?\s*)+/, "")
    .replace(/[.:]\s*$/, "")
    .trim();
  const words = text.split(/\s+/).length;
  if (!text || words > 9) return null;
  const has = (pattern: RegExp): boolean => pattern.test(text);
  const example = has(/\b(?:examples?|samples?|demo)\b/);
  if (has(/\bsdk\b|\bdeveloper resources\b|\bcode samples?\b|\btccli\b|\bapi explorer\b|\bcommand line\b/))
    return "sdk";
  if (example && has(/\b(?:responses?|output|return(?:ed)?)\b/)) return "response example";
  if (example && has(/\b(?:requests?|input)\b/)) return "request example";
  if (has(/\berror[ _-]codes?\b|^error responses?$/)) return "errors";
  if (has(/\b(?:status|response|return) codes?\b|\breturned values?\b|\breturn values?\b/)) return "statuses";
  if (example) return "example";
  if (has(/\b(?:abnormal|normal) response\b/)) return "response";
  if (has(/\b(?:uri|url)s?\b|^(?:api|http|request) (?:method|line|path|endpoint|prototype)$|^calling method$/))
    return "uri";
  if (
    has(
      /\bresponses?\b|\boutputs?\b|\breturn(?:ed|s)?(?: \w+)? (?:parameters?|fields?|results?|data|messages?|body|bodies|elements?)\b|^returns?$/,
    )
  )
    return "response";
  if (has(/\brequests?\b|\binputs?\b|^(?:query|path|body|header) parameters?$/)) return "request";
  if (has(/\bconstraints?\b|\brestrictions?\b|\blimitations?\b|\bprerequisites?\b|\bprecautions?\b/))
    return "constraints";
  if (has(/\bauthori[sz]ation\b|\bpermissions?\b|\brequired roles?\b/)) return "authorization";
  if (has(/\bdebug(?:ging)?\b/)) return "debugging";
  if (has(/^(?:function|description|api description|introduction|overview|functions|interface description)$/))
    return "function";
  if (has(/\b(?:change|update|revision) history\b/)) return "history";
  return null;
}

const titles =
  /^(?:functions?|description|introduction|overview|constraints|restrictions|prerequisites|precautions|debugging|authorization(?: information)?|required permissions|calling method|uri|url|uri format|uris?|requests?|request (?:parameters?|messages?|headers?|body|bodies|format|line|elements?)|(?:ab)?normal responses?|responses?|response (?:parameters?|messages?|headers?|body|bodies|format|elements?)|examples?|samples?|example (?:requests?|responses?)|(?:requests?|responses?) (?:examples?|samples?)|sample (?:requests?|responses?)|example of the (?:request|response)|(?:http )?status codes?|returned values?|return values?|return codes?|error codes?|sdk sample codes?|sdk code samples?|common requests?|helpful links|related (?:documents|operations|topics)|change history|obtaining .{1,40}|follow-up (?:procedure|operations))$/i;

/** Whether a line of its own, in text without heading marks, is the title of a section. */
export function isSectionTitle(text: string): boolean {
  return text.length < 60 && /^[A-Z]/.test(text) && titles.test(text);
}

/** "Status code: 200", alone on a line. */
export function statusLabel(text: string): number | null {
  const found =
    /^(?:http )?(?:status|response|return(?:ed)?) codes?\s*:?\s*(\d{3})\b[^a-z]{0,3}[a-z -]{0,30}\.?$/i.exec(
      text.slice(0, 80),
    );
  return found ? Number(found[1]) : null;
}

/** Labels inside a cell, of both generations of the Help Center. */
export type CellLabel = "definition" | "constraints" | "range" | "default" | "example";

const cellLabels: [CellLabel, RegExp][] = [
  ["definition", /^(?:explanation|definition|parameter description|description|meaning|parameter explanation)$/],
  ["constraints", /^(?:constraints?|restrictions?)$/],
  ["range", /^(?:value range|range|range of values|valid values?|allowed values|options|value)$/],
  ["default", /^(?:default value|default|default values)$/],
  ["example", /^(?:examples?|example values?|sample|format)$/],
];

export function cellLabel(text: string): CellLabel | null {
  if (text.length > 30) return null;
  const word = text.toLowerCase().replace(/\s*:$/, "");
  for (const [label, pattern] of cellLabels) if (pattern.test(word)) return label;
  return null;
}
