// Opens the built page in Chromium, against a cloud on this machine: backups are shown, and a restore is refused.
import assert from "node:assert/strict";
import { createEmulator } from "@restorekit/emulator";
import { chromium } from "playwright-core";
import { preview } from "vite";

const cloud = createEmulator();
const listener = await cloud.listen();
const { projectId, token } = cloud.credentials;
const [instance] = cloud.state.instances("opentelekomcloud-dcs");
process.env.DCS_ENDPOINT = listener.endpoint("opentelekomcloud-dcs");
const server = await preview({ preview: { host: "127.0.0.1", port: 0 } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // As root, in containers and in CI there is no sandbox.
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});

try {
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(server.resolvedUrls.local[0]);
  await page.getByLabel("Project").fill(projectId);
  await page.getByLabel("Instance").fill(instance.id);
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "List backups" }).click();
  await page.getByText("1 backup", { exact: true }).waitFor();
  const cells = await page.locator("tbody td").allTextContents();
  console.log(cells.slice(0, 3).join("  "));
  assert.equal(cells[0], instance.backups[0].id);

  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByText("refusedHere").waitFor();
  console.log(await page.getByRole("status").textContent());
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  assert.match(await page.getByRole("status").textContent(), /^notStarted \(refusedHere\)\n/);
  assert.equal(instance.restores.length, 0, "a browser has restored");
  assert.equal(cloud.journal.count("restoreInstance").received, 0);
  assert.deepEqual(problems, []);
} finally {
  await browser.close();
  await server.close();
  await listener.close();
}
