import OpenAI from "openai";

export const write = (url) =>
  new OpenAI({ apiKey: "key", baseURL: url }).post("/restores", { body: { backup_id: "b-1" } });
