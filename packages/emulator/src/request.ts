/** A request as it arrived. */
export interface Received {
  method: string;
  /** Raw request target, path and query. */
  target: string;
  /** Names in lower case; `host` included. */
  headers: Record<string, string>;
  body: string;
}

/** Takes apart what was given to `fetch`. */
export async function receive(input: string | URL | Request, init: RequestInit = {}): Promise<Received> {
  if (input instanceof Request) return fromRequest(Object.keys(init).length > 0 ? new Request(input, init) : input);
  const text = String(input);
  // A body that is not text needs the platform to read it.
  if (init.body !== undefined && init.body !== null && typeof init.body !== "string") {
    return fromRequest(new Request(text, init));
  }
  const headers: Record<string, string> = { host: new URL(text).host };
  new Headers(init.headers).forEach((value, name) => {
    headers[name] = value;
  });
  if (typeof init.body === "string") headers["content-type"] ??= "text/plain;charset=UTF-8";
  return { method: (init.method ?? "GET").toUpperCase(), target: targetOf(text), headers, body: init.body ?? "" };
}

async function fromRequest(request: Request): Promise<Received> {
  const headers = { host: new URL(request.url).host, ...Object.fromEntries(request.headers) };
  return { method: request.method, target: targetOf(request.url), headers, body: await request.text() };
}

/** Path and query as a client puts them on the wire: the fragment stays behind. */
function targetOf(url: string) {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

export function pathOf({ target }: Received): string {
  const end = target.indexOf("?");
  return end < 0 ? target : target.slice(0, end);
}

export function queryOf({ target }: Received): string {
  const end = target.indexOf("?");
  return end < 0 ? "" : target.slice(end + 1);
}
