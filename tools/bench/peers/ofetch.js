import { ofetch } from "ofetch";

export const write = (url) => ofetch(`${url}/restores`, { method: "POST", body: { backup_id: "b-1" } });
