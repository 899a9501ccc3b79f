// A Worker that lists and restores backups of TencentDB for Redis with the client alone. A Worker keeps no intents:
// whoever calls it has to keep what it answers, above all an `executed: "maybe"`.
import { createClient } from "@restorekit/tencentcloud-redis";

export default {
  async fetch(request, env) {
    // Whoever may call this may overwrite data.
    if (!env.WORKER_TOKEN || request.headers.get("authorization") !== `Bearer ${env.WORKER_TOKEN}`) {
      return Response.json({ error: "not let in" }, { status: 401 });
    }
    const redis = createClient({
      region: env.TENCENTCLOUD_REGION,
      endpoint: env.TENCENTCLOUD_REDIS_ENDPOINT ?? undefined,
      credentials: { secretId: env.TENCENTCLOUD_SECRET_ID, secretKey: env.TENCENTCLOUD_SECRET_KEY },
    });
    const [, kind, id] = new URL(request.url).pathname.split("/");
    switch (`${request.method} ${kind}`) {
      case "GET backups":
        return answer(redis.describeInstanceBackups({ InstanceId: id }));
      case "POST restores": {
        const { backup, password } = await request.json();
        return answer(redis.restoreInstance({ InstanceId: id, BackupId: backup, Password: password }));
      }
      case "GET tasks":
        return answer(redis.describeTaskInfo({ TaskId: Number(id) }));
      default:
        return Response.json({ error: "no such page" }, { status: 404 });
    }
  },
};

/** The result, or the error with what it says about a restore: `no`, it did not run; `maybe`, look before anything else. */
async function answer(call) {
  const settled = await call.settled();
  if (settled.ok) return Response.json(settled.result);
  const { message, executed, why } = settled.error;
  return Response.json({ error: message, executed, why }, { status: 502 });
}
