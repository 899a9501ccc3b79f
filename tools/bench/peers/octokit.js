import { Octokit } from "octokit";

export const write = (url) =>
  new Octokit({ auth: "key", baseUrl: url }).request("POST /restores", { backup_id: "b-1" });
