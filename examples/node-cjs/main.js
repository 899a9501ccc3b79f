const { restoreNewest } = require("./restore.js");

const { env } = process;
restoreNewest({
  instance: need("INSTANCE"),
  password: env.INSTANCE_PASSWORD,
  folder: env.INTENTS ?? "./intents",
  region: need("TENCENTCLOUD_REGION"),
  endpoint: env.TENCENTCLOUD_REDIS_ENDPOINT,
  credentials: { secretId: need("TENCENTCLOUD_SECRET_ID"), secretKey: need("TENCENTCLOUD_SECRET_KEY") },
  // How long the task list may take to show a restore whose reply was lost, and how often it is looked at.
  settleMs: Number(env.SETTLE_MS ?? 300_000),
  intervalMs: Number(env.POLL_MS ?? 10_000),
}).then(
  (result) => {
    console.log(JSON.stringify(result));
    process.exitCode = result.end === "succeeded" ? 0 : 1;
  },
  (error) => {
    // Thrown is only what kept it from being sent; `next` says what to do.
    console.error(error.message, error.next ?? "");
    process.exitCode = 1;
  },
);

function need(name) {
  const value = env[name];
  if (value) return value;
  console.error(`set ${name}`);
  process.exit(2);
}
