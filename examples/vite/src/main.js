// Lists the backups of an instance in a browser. A restore is refused there: a browser may send a write twice.
import { memoryIntents, opentelekomcloudDcs, restorekit } from "restorekit";

const form = document.querySelector("form");
const table = document.querySelector("table");
const status = document.querySelector("output");
const kit = restorekit({ intents: memoryIntents() });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  list().catch(complain);
});

async function list() {
  const { project, instance, token } = Object.fromEntries(new FormData(form));
  const dcs = opentelekomcloudDcs({
    region: "eu-de",
    projectId: project,
    // The services answer no other origin, so the page's own server passes requests on. The token goes through it.
    endpoint: new URL("/cloud", location.href).href,
    trustEndpoint: true,
    credentials: { token },
  });
  const backups = await kit.listBackups(dcs, instance);
  table.tBodies[0].replaceChildren(...backups.map((backup) => rowOf(backup, () => restore(dcs, instance, backup))));
  table.hidden = false;
  status.textContent = `${backups.length} ${backups.length === 1 ? "backup" : "backups"}`;
}

async function restore(dcs, instance, backup) {
  const { outcome, error } = await kit.restore(dcs, { instance, from: { backup }, overwrite: instance });
  status.textContent = `${outcome} (${error?.failure ?? "no failure"})\n${error?.why ?? ""}`;
}

function rowOf({ id, startedAt, rawState, usable }, order) {
  const button = document.createElement("button");
  button.textContent = "Restore";
  button.disabled = !usable;
  button.addEventListener("click", () => order().catch(complain));
  const row = document.createElement("tr");
  for (const content of [id, startedAt?.toISOString() ?? "", String(rawState), button]) {
    row.insertCell().append(content);
  }
  return row;
}

function complain(error) {
  status.textContent = `${error.message}\n${error.next ?? ""}`;
}
