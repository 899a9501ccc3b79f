/** The suite's way to the servers it is run against; each is named by the endpoint it listens on. */
export function openLab(url) {
  const post = (path, body) => fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
  return {
    config: async () => (await fetch(`${url}/config`)).json(),
    /** What that server does to the next requests; forgets what has arrived. */
    play: async (server, ...faults) => (await post(`/play/${server}`, faults)).text(),
    arrived: async (server) => (await fetch(`${url}/arrived/${server}`)).json(),
    report: async (report) => (await post("/report", report)).text(),
  };
}
