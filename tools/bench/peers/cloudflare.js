import Cloudflare from "cloudflare";

export const write = (url) =>
  new Cloudflare({ apiToken: "key", baseURL: url }).post("/restores", { body: { backup_id: "b-1" } });
