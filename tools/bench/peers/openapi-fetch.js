import createClient from "openapi-fetch";

export const write = (url) => createClient({ baseUrl: url }).POST("/restores", { body: { backup_id: "b-1" } });
