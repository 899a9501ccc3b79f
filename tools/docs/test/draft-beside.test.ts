// A draft for a service that has specs already: what they say is taken over, and docs.yaml keeps what is in it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { draftPage } from "../src/draft/draft.js";
import { withPage } from "../src/draft/page-entry.js";
import { readSisters } from "../src/draft/sisters.js";
import { readPage } from "../src/page.js";

const source = `## 1. API Description
Domain name for API request: pantry.tencentcloudapi.com.

This API lists jars.

## 2. Input Parameters
| Parameter name | Required | Type | Description |
|---------|---------|---------|---------|
| Action | Yes | String | Common parameter; the value for this API: DescribeJars |
| Version | Yes | String | Common parameter; the value for this API: 2031-05-06 |
| Region | Yes | String | Common parameter. |
| ShelfId | Yes | String | The shelf |
| Offset | No | Integer | How many are left out; 0 by default |
| Limit | No | Integer | How many are listed. Value range: 1-50 |

## 3. Output Parameters
| Parameter name | Type | Description |
|---------|---------|---------|
| TotalCount | Integer | All of them |
| JarSet | Array of String | The jars |
| RequestId | String | The request |

## 6. Error Codes
| Error Code | Description |
|---------|---------|
| ResourceNotFound.Shelf | It. |
| InternalError.New | It. |
`;

const sister = `paths:
  /:
    post:
      operationId: describeShelves
      x-errors:
        ResourceNotFound.Shelf: { status: 200, meaning: There is no such shelf., kind: absent }
components:
  schemas:
    Result:
      properties:
        RequestId: { type: string, description: Identifies the call. }
        TotalCount: { type: integer, description: How many shelves there are. }
    Other:
      properties:
        TotalCount: { type: integer, description: Something else. }
`;
const register = `# A comment.
pages:
  describeShelves:
    url: https://docs.example.com/shelves
    locator: "1"
    revision: "2031-05-06"
    dialect: tencent-markdown

operations: [DescribeLids]
discrepancies:
  - id: A
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "docs-beside-"));
  writeFileSync(join(folder, "describe-shelves.yaml"), sister);
  writeFileSync(join(folder, "docs.yaml"), register);
  writeFileSync(join(folder, "page.md"), source);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("error codes and names that the specs know alike are taken over; what they disagree on is not", () => {
  const draft = draftPage(readPage("page.md", source), { sisters: readSisters(folder) });
  if ("refused" in draft) throw new Error(draft.refused);
  const document = parse(draft.operation);
  const { "x-errors": errors, "x-pagination": paging } = document.paths["/"].post;
  expect(errors).toEqual({
    "ResourceNotFound.Shelf": { status: 200, meaning: "There is no such shelf.", kind: "absent" },
    "InternalError.New": { status: 200, meaning: "Describe: InternalError.New." },
  });
  const { RequestId, TotalCount } = document.components.schemas.DescribeJarsResult.properties;
  expect(RequestId.description).toBe("Identifies the call.");
  expect(TotalCount).toMatchObject({ description: "Describe: TotalCount.", format: "int64" });
  expect(draft.operation).toContain("# check: no column says which of its fields are always there");
  expect(paging).toEqual({
    style: "offset",
    position: "Offset",
    size: "Limit",
    maximum: 50,
    first: 0,
    items: "JarSet",
    total: "TotalCount",
  });
});

test("the page is put into the docs.yaml that is there, and nothing else of it changes", { timeout: 60_000 }, () => {
  const command = fileURLToPath(new URL("../dist/draft.js", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [command, "page.md", "--out", "."], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  expect(existsSync(join(folder, "describe-jars.yaml"))).toBe(true);
  const written = readFileSync(join(folder, "docs.yaml"), "utf8");
  const before = parse(register);
  const after = parse(written);
  expect(Object.keys(after.pages)).toEqual(["describeShelves", "describeJars"]);
  expect({ ...after, pages: { describeShelves: after.pages.describeShelves } }).toEqual(before);
  const added = written.slice(written.indexOf("  describeJars:"), written.indexOf("\noperations:"));
  expect(written.replace(added, "")).toBe(register);
  expect(written).toContain("# check: its date");
});

test.each([
  ["pages: {}\ndiscrepancies: []\n", ["a"]],
  ["discrepancies: []\n", ["a"]],
  ["pages:\n  a:\n    url: x\n", ["a"]],
  ["pages:\n  b:\n    url: x", ["b", "a"]],
])("%j gets the page once", (text, want) => {
  const once = withPage(text, "a", "pages:\n  a:\n    url: y\ndiscrepancies: []\n");
  expect(Object.keys(parse(once).pages)).toEqual(want);
  expect(withPage(once, "a", "pages:\n  a:\n    url: z\ndiscrepancies: []\n")).toBe(once);
});
