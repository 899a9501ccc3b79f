import Anthropic from "@anthropic-ai/sdk";

export const write = (url) =>
  new Anthropic({ apiKey: "key", baseURL: url }).post("/restores", { body: { backup_id: "b-1" } });
