import { COLUMNS } from "./columns.js";
import { connect, read, WRITES } from "./demo.js";

/** Counts how often one write arrives: sent by plain `fetch`, and by the client, on a connection that is kept open. */
export async function resend(lab, { servers, writesAllowed }) {
  const { http: endpoint } = servers;
  const plain = async (name) => {
    const body = name === "POST" || name === "PUT" ? "{}" : undefined;
    const answer = await fetch(`${endpoint}/write`, { method: name.split(" ")[0], body });
    await answer.text();
    return answer.status;
  };
  const client = connect(endpoint);
  const ours = async (name) => {
    await WRITES[name](client);
    return 200;
  };
  const rows = { plain: await count(plain, () => fetch(`${endpoint}/warm`).then((answer) => answer.text())) };
  rows.ours = await count(ours, () => read(client));
  if (!writesAllowed) {
    const open = connect(endpoint, { allowBrowserWrites: true });
    rows.allowed = await count(
      (name) => WRITES[name](open).then(() => 200),
      () => read(open),
    );
  }
  return rows;

  async function count(write, warm) {
    const counts = {};
    for (const name of Object.keys(WRITES)) {
      counts[name] = {};
      for (const [column, fault] of Object.entries(COLUMNS)) {
        await lab.play("http");
        await warm();
        await lab.play("http", fault);
        const outcome = await write(name).catch(
          (error) => error.status ?? (error.failure === "refusedHere" ? "refused" : "error"),
        );
        const arrived = (await lab.arrived("http")).filter((arrival) => arrival.method === name.split(" ")[0]);
        counts[name][column] = { times: arrived.length, outcome };
      }
    }
    return counts;
  }
}
