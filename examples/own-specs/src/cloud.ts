// Stands in for the vendor: verifies every signature, runs each restore, and loses the answer to it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { verify } from "@restorekit/emulator/signature";

interface Task {
  id: string;
  operation_type: string;
  status: string;
  extra_info: { restore: { backup_id: string; target_resource_id: string } };
}

export async function startCloud(keys: { ak: string; sk: string }) {
  const received: string[] = [];
  const tasks: Task[] = [];
  const credentials = { ...keys, secretId: "", secretKey: "", token: "" };

  const server = createServer(async (request, response) => {
    const { method = "", url: target = "" } = request;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    let body = "";
    for await (const chunk of request) body += chunk;
    const answer = (status: number, value: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));

    const refused = await verify({ method, target, headers, body }, credentials, { now: Date.now() });
    if (refused) return answer(401, { error_code: "APIGW.0301", error_msg: refused.detail });

    const path = target.split("?")[0] as string;
    received.push(`${method} ${path}`);
    const backup = /^\/v3\/[^/]+\/backups\/([^/]+)\/restore$/.exec(path)?.[1];
    if (method === "POST" && backup !== undefined) {
      const { server_id } = JSON.parse(body).restore;
      const restore = { backup_id: backup, target_resource_id: server_id };
      tasks.push({
        id: crypto.randomUUID(),
        operation_type: "restore",
        status: "running",
        extra_info: { restore },
      });
      return request.socket.destroy();
    }
    answer(200, { count: tasks.length, operation_logs: tasks });
    for (const task of tasks) task.status = "success";
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every request that was let in. */
    received,
    close: () => server.close(),
  };
}
