// CONTRIBUTING, followed to the letter with a page of our own: every command in it is run, in its order, in a copy of the
// workspace. What a person does in between is done by the helpers below.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { copyOfWorkspace, root } from "./copy.js";

const SERVICE = "tencentcloud-redis";
const OPERATION = "describeShelf";
const URL = "https://docs.example.com/shelf";

const PAGE = `# DescribeShelf

## 1. API Description

Domain name for API request: redis.tencentcloudapi.com.

Shows on which shelf a backup lies. A maximum of 20 requests can be initiated per second for this API.

## 2. Input Parameters

| Parameter name | Required | Type | Description |
|---------|---------|---------|---------|
| Action | Yes | String | Common parameter. The value used for this API: DescribeShelf |
| Version | Yes | String | Common parameter. The value used for this API: 2018-04-12 |
| Region | Yes | String | Common parameter. |
| BackupId | Yes | String | Backup ID |

## 3. Output Parameters

| Parameter name | Type | Description |
|---------|---------|---------|
| Shelf | Integer | Shelf |
| RequestId | String | Request ID |

## 4. Example

### Example 1. A shelf

#### Input Example

\`\`\`
https://redis.tencentcloudapi.com/?Action=DescribeShelf
&BackupId=backup-1
&<Common request parameter>
\`\`\`

#### Output Example

\`\`\`
{ "Response": { "Shelf": 7, "RequestId": "request-1" } }
\`\`\`

## 6. Error Codes

| Error Code | Description |
|---------|---------|
| InternalError.InternalError | Internal error. |
`;

const LEDGER = `
${OPERATION}:
  call: POST / X-TC-Action=DescribeShelf X-TC-Version=2018-04-12
  effect: read
  rate: 20 in 1 s per account
  statuses: [200]
  input:
    header X-TC-Region: string required from region
    body BackupId: string required
  output:
    200 Response: object always
    200 Response.Shelf: integer
    200 Response.RequestId: string
  errors:
    InternalError.InternalError: 200
`;

const text = readFileSync(join(root, ".github/CONTRIBUTING.md"), "utf8");
const chapter = text.slice(text.indexOf("## Add an operation"), text.indexOf("## Rules for code"));
const commands = [...chapter.matchAll(/```sh\n(.*?)```/gs)]
  .flatMap(([, block = ""]) => block.split("\n"))
  .map((line) => line.replace(/ {2,}#.*/, "").trim())
  .filter((line) => line && !line.startsWith("export "));

/** Not run here, but by tests of their own: each takes minutes, or the network. */
const ELSEWHERE: Record<string, string> = {
  "npx pnpm docs:witness": "tools/docs/test/witness.test.ts",
  "npx pnpm api:report": "tools/bump/test/report.test.ts",
  "npx pnpm release:size --update": "tools/release/test/size.test.ts",
  "npx pnpm bump:check": "tools/bump/test/gate.test.ts",
};

const copy = copyOfWorkspace();
afterAll(() => copy.remove(), 60_000);
const at = (path: string) => join(copy.folder, path);
const spec = at(`specs/${SERVICE}/describe-shelf.yaml`);
const register = at(`specs/${SERVICE}/docs.yaml`);
const page = join(copy.folder, "../pages/DescribeShelf.md");

async function follow(command: string) {
  const { status, stdout, stderr } = await copy.bash(command, { PAGE: page, URL, SERVICE });
  return { status, said: stdout + stderr, stdout };
}

/** What a reviewer does: settle the notes, write the descriptions. */
function review() {
  const draft = readFileSync(spec, "utf8");
  expect(draft).toMatch(/# check:/);
  writeFileSync(spec, draft.replace(/^ *# check:.*\n/gm, "").replaceAll('"Describe: ', '"Settled: '));
}

/** Registers every finding as the page's fault. */
function settle(said: string) {
  const finds = [...said.matchAll(/register it: (\{.*\})$/gm)].map(([, find = ""]) => parse(find) as object);
  expect(finds.length, said).toBeGreaterThan(0);
  const docs = parse(readFileSync(register, "utf8")) as { discrepancies: object[] };
  const reason = { place: "page", page: "silent", truth: "-", strength: "open", source: "us" };
  docs.discrepancies.push({ id: "Z1", operation: OPERATION, ...reason, finds });
  writeFileSync(register, stringify(docs));
}

test.each(Object.entries(ELSEWHERE))("%s is tested in %s", (command, file) => {
  expect(commands).toContain(command);
  const [, , script = ""] = command.split(" ");
  expect(JSON.parse(readFileSync(at("package.json"), "utf8")).scripts).toHaveProperty([script]);
  expect(existsSync(at(file))).toBe(true);
});

test("the example of the changeset is one that changesets takes", async () => {
  const [, changeset = ""] = /```md\n(.*?)```/s.exec(chapter) ?? [];
  mkdirSync(at(".changeset"), { recursive: true });
  writeFileSync(at(".changeset/any-name.md"), changeset);
  const { status, said } = await follow("npx changeset status --output=status.json");
  expect(status, said).toBe(0);
  const { changesets } = JSON.parse(readFileSync(at("status.json"), "utf8")) as { changesets: { id: string }[] };
  expect(changesets).toContainEqual(
    expect.objectContaining({ id: "any-name", releases: [{ name: `@restorekit/${SERVICE}`, type: "patch" }] }),
  );
});

test("following it adds an operation", { timeout: 600_000 }, async () => {
  mkdirSync(join(copy.folder, "../pages"));
  writeFileSync(page, PAGE);
  const left = commands.filter((command) => !(command in ELSEWHERE));
  const next = (starts: string | RegExp) => {
    const command = left.shift() ?? "";
    expect(command).toMatch(starts);
    return follow(command);
  };

  const draft = await next("npx pnpm docs:draft");
  expect(draft.status, draft.said).toBe(0);
  review();
  const generated = await next("npx pnpm generate");
  expect(generated.status, generated.said).toBe(0);

  // Without its second entry the operation is not taken, however well it was drafted.
  const alone = await next("npx pnpm contract");
  expect(alone.status).toBe(1);
  expect(alone.stdout).toContain(`${OPERATION}: only in the spec`);
  appendFileSync(at(`tools/contract/ledger/${SERVICE}.yaml`), LEDGER.replace("20 in 1", "21 in 1"));
  const wrong = await follow(`npx pnpm contract ${SERVICE}`);
  expect(wrong.stdout).toContain(
    `${OPERATION} rate: spec has «20 in 1 s per account», ledger has «21 in 1 s per account»`,
  );
  const ledger = at(`tools/contract/ledger/${SERVICE}.yaml`);
  writeFileSync(ledger, readFileSync(ledger, "utf8").replace("21 in 1", "20 in 1"));
  const listed = await follow(`npx pnpm contract ${SERVICE}`);
  const [, row = ""] = /do: add (\|.*\|)$/m.exec(listed.stdout) ?? [];
  expect(row, listed.said).toContain(URL);
  const readme = at(`packages/${SERVICE}/README.md`);
  writeFileSync(readme, readFileSync(readme, "utf8").replace(/^\| `describeTaskInfo`/m, `${row}\n$&`));
  expect(await follow(`npx pnpm contract ${SERVICE}`)).toMatchObject({ status: 0 });

  // The draft has entered the page; a person knows where it came from, and when.
  const pages = readFileSync(register, "utf8");
  const entry = new RegExp(`(?<=^  ${OPERATION}:\\n)(?:    .*\\n)+`, "m");
  expect(pages).toMatch(entry);
  const settled = `    url: ${URL}\n    locator: ours\n    revision: "2026-01-01"\n    dialect: tencent-markdown\n`;
  writeFileSync(register, pages.replace(entry, settled));
  const found = await next("npx pnpm docs:check");
  expect(found.status, found.said).toBe(1);
  settle(found.said);
  const accepted = await next(/^npx pnpm docs:check .* --accept$/);
  expect(accepted.status, accepted.said).toBe(0);
  expect(accepted.said).toContain(`accepted as ${OPERATION} 2026-01-01`);
  const written = await next("npx pnpm docs:register");
  expect(written.status, written.said).toBe(0);

  // The emulator's own test asks for the handler that we do not write here.
  const built = await follow("npx turbo run build --filter=./packages/emulator --output-logs=errors-only");
  expect(built.status, built.said).toBe(0);
  const emulator = await next("npx vitest run packages/emulator");
  expect(emulator.status).toBe(1);
  expect(emulator.said).toContain(`${SERVICE} ${OPERATION}`);
  expect(left).toEqual([]);
});
