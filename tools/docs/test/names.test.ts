// Names that JavaScript has a meaning of its own for, all the way from page to generated code.

import { compileService, emitService } from "@restorekit/codegen";
import { describe, expect, test } from "vitest";
import { comparePages } from "../src/changes.js";
import { checkPage } from "../src/check/check.js";
import { readSpecs } from "../src/check/spec.js";
import { draftPage } from "../src/draft/draft.js";
import { unusable } from "../src/draft/tree.js";
import { mutationsOf } from "../src/mutate/mutations.js";
import { readPage } from "../src/page.js";

const names = ["constructor", "toString", "valueOf", "hasOwnProperty", "prototype", "length", "__proto__"];

const html = (name: string): string => `<html><body><h1>Naming a Jar</h1>
<h2>Function</h2><p>Changes a jar.</p>
<h2>URI</h2><p>PUT /v1/jars/{jar_id}</p>
<table><caption>Table 1 Path parameters</caption><tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr>
<tr><td>jar_id</td><td>Yes</td><td>String</td><td>The jar.</td></tr></table>
<h2>Request Parameters</h2>
<table><caption>Table 2 Request body parameters</caption><tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr>
<tr><td>${name}</td><td>Yes</td><td>String</td><td>What it is called. The value can be a or ${name}.</td></tr>
<tr><td>lid</td><td>No</td><td><a href="#${name}">${name}</a> object</td><td>Its lid.</td></tr></table>
<p><a name="${name}"></a></p>
<table><caption>Table 3 ${name}</caption><tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr>
<tr><td>${name}</td><td>No</td><td>Integer</td><td>How many.</td></tr></table>
<h2>Response Parameters</h2><p>Status code: 200</p>
<table><caption>Table 4 Response body parameters</caption><tr><th>Parameter</th><th>Type</th><th>Description</th></tr>
<tr><td>${name}</td><td>String</td><td>The name.</td></tr></table>
<h2>Example Request</h2><pre>PUT https://{endpoint}/v1/jars/j-1?${name}=1

{ "${name}": "a", "lid": { "${name}": 3 } }</pre>
<h2>Example Response</h2><p>Status code: 200</p><pre>{ "${name}": "a" }</pre>
<h2>Error Codes</h2><table><tr><th>Error Code</th><th>Error Message</th></tr><tr><td>${name}</td><td>It.</td></tr></table>
</body></html>`;

const action = (name: string): string => `## 1. API Description
Domain name for API request: pantry.tencentcloudapi.com.

This API changes a jar.

## 2. Input Parameters
| Parameter name | Required | Type | Description |
|---------|---------|---------|---------|
| Action | Yes | String | Common parameter; the value for this API: NameJar |
| Version | Yes | String | Common parameter; the value for this API: 2031-05-06 |
| Region | Yes | String | Common parameter. |
| ${name} | Yes | String | What it is called |
| Lids.N | No | Array of ${name} | The lids |
| Glass | No | Boolean | Whether it is of glass |

## 3. Output Parameters
| Parameter name | Type | Description |
|---------|---------|---------|
| ${name} | Integer | The name |
| RequestId | String | The request |

## 4. Sample
### Sample 1. Naming
#### Input Sample Code
\`\`\`
https://pantry.tencentcloudapi.com/?Action=NameJar
&${name}=x
&Lids.0.${name}=y
&Lids.${name}.polluted=y
&Glass.${name}=y
&<Common request parameter>
\`\`\`
#### Output Sample Code
\`\`\`
{ "Response": { "${name}": 1, "RequestId": "q" } }
\`\`\`

## 6. Error Codes
| Error Code | Description |
|---------|---------|
| ${name} | It. |
`;

const cases = names.flatMap((name) => [[name, "html", html(name)] as const, [name, "markdown", action(name)] as const]);

describe.each(cases)("a field named %s, in %s", (name, _, source) => {
  const page = readPage("page", source);

  test("is read", () => {
    const paths = page.parameters.map(({ path }) => path);
    expect(paths.filter((path) => path === name)).toHaveLength(2);
    expect(page.errorCodes.map(({ code }) => code)).toEqual([name]);
  });

  test("is drafted, generated and found in no difference; nothing leaks into other objects", async () => {
    const draft = draftPage(page);
    if ("refused" in draft) throw new Error(draft.refused);
    const document = compileService("draft", [
      { file: `draft/${draft.file}`, name: draft.file, text: draft.operation },
      { file: "draft/shared.yaml", name: "shared.yaml", text: draft.shared },
    ]);
    await emitService("draft", document);
    if (unusable.has(name)) expect(draft.operation).toContain(`no generated code can have the name ${name}: left out`);
    else expect(draft.operation).toMatch(new RegExp(`^ +${name}:$`, "m"));
    const world = { specs: readSpecs("draft", document), registers: [] };
    const { findings, match } = checkPage(page, source, world);
    expect(match.spec).not.toBeNull();
    const own = findings.filter(
      ({ place, fact }) => place === `body ${name}` && /^(?:type|required|parameter)$/.test(fact),
    );
    expect(own.map(({ fact }) => fact)).toEqual(unusable.has(name) ? ["parameter"] : []);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("is checked against its own page, compared and mutated", () => {
    expect(checkPage(page, source, { specs: [], registers: [] }).findings.map(({ place }) => place)).not.toContain(
      "page",
    );
    const without = source.replaceAll(name, "title");
    const { changes } = comparePages(page, readPage("page", without));
    expect(changes.map(({ before }) => before)).toContain(name);
    expect(comparePages(page, page).changes).toEqual([]);
    expect(mutationsOf(page, source)).toBeInstanceOf(Array);
  });
});
