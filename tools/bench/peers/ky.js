import ky from "ky";

export const write = (url) => ky.post(`${url}/restores`, { json: { backup_id: "b-1" } }).json();
