import type { Endpoint, Service } from "./operation.js";

export interface EndpointOptions {
  readonly region?: string | undefined;
  /** One of the service's other sites, such as `intl`. */
  readonly site?: string | undefined;
  /** Used instead of the service's own address: `https://` and a host, with a base path if need be. */
  readonly endpoint?: string | undefined;
  /** Allows plain `http://` to other hosts than this machine. */
  readonly allowInsecure?: boolean | undefined;
  /** Allows credentials to go to a host outside the service's own domains. */
  readonly trustEndpoint?: boolean | undefined;
}

export interface Resolved {
  /** Without a slash at its end. */
  readonly url: string;
  readonly region: string | undefined;
}

/** An address that cannot or must not be used. */
export class EndpointError extends Error {
  readonly code: "malformed" | "insecure" | "foreign" | "region" | "site";

  constructor(code: EndpointError["code"], message: string) {
    super(message);
    this.name = "EndpointError";
    this.code = code;
  }
}

/** The service does not know this region, or needs one; `near` lists those that look alike. */
export class UnknownRegionError extends EndpointError {
  readonly region: string | undefined;
  readonly near: readonly string[];

  /** `elsewhere`: the sites that do have the region. */
  constructor(
    service: string,
    region: string | undefined,
    known: readonly string[],
    elsewhere: readonly (string | undefined)[] = [],
  ) {
    const near = region ? alike(region, known) : [];
    const hint = elsewhere.length
      ? elsewhere.map((site) => (site ? `site ${JSON.stringify(site)} has it` : "it is there without site")).join(", ")
      : `try ${(near[0] ? near : known).join(", ")}`;
    super("region", `${service}: no region ${JSON.stringify(region ?? "")}, ${hint}`);
    this.name = "UnknownRegionError";
    this.region = region;
    this.near = near;
  }
}

/** The address of a service. @throws {EndpointError} */
export function resolveEndpoint(service: Service, options: EndpointOptions = {}): Resolved {
  const { region, endpoint } = options;
  const url = endpoint === undefined ? fromTable(service, options) : override(service, endpoint, options);
  return { url: url.replace(/\/+$/, ""), region };
}

/** Whether credentials for the service may go to this address: its own domains over TLS, or this machine. */
export function trusted(service: Service, { protocol, hostname }: URL): boolean {
  return local(hostname) || (protocol === "https:" && ours(service, hostname));
}

function fromTable({ name, endpoints }: Service, { region, site }: EndpointOptions): string {
  const here = endpoints.filter((endpoint) => endpoint.site === site);
  if (!here[0]) throw new EndpointError("site", `${name} has no site ${site}`);
  const own = ({ url }: Endpoint) => url.includes("{region}");
  const serves = ({ regions }: Endpoint) => regions?.includes(region as string);
  // A region with a host of its own (finance zones) keeps it on every site.
  const found =
    region === undefined
      ? here.find((endpoint) => !own(endpoint) && endpoint.regions?.length !== 1)
      : (here.find(serves) ??
        endpoints.find((endpoint) => !endpoint.site && own(endpoint) && serves(endpoint)) ??
        (/^[a-z\d-]+$/.test(region) ? here.find(({ regions }) => !regions) : undefined));
  if (!found) {
    const known = new Set(here.flatMap(({ regions = [] }) => regions));
    const elsewhere = new Set(endpoints.filter(serves).map((endpoint) => endpoint.site));
    throw new UnknownRegionError(name, region, [...known], [...elsewhere]);
  }
  return found.url.replace("{region}", region as string);
}

function override(service: Service, text: string, { allowInsecure, trustEndpoint }: EndpointOptions): string {
  // The text is not repeated: it may hold a password.
  if (!/^https?:\/\/[^/\s\\?#@][^\s\\?#@]*$/i.test(text) || !URL.canParse(text)) {
    throw new EndpointError("malformed", "endpoint must be https://host[:port][/path]");
  }
  const { href, protocol, hostname } = new URL(text);
  if (!local(hostname)) {
    if (protocol === "http:" && !allowInsecure) {
      throw new EndpointError("insecure", `${hostname} over plain http needs allowInsecure`);
    }
    if (!trustEndpoint && !ours(service, hostname)) {
      throw new EndpointError(
        "foreign",
        `${hostname} is not in ${families(service)}: to send credentials there needs trustEndpoint`,
      );
    }
  }
  return href;
}

function local(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1])$/.test(host);
}

function ours(service: Service, host: string): boolean {
  return families(service).some((family) => host.endsWith(`.${family}`));
}

/** The domains of a service's hosts: what follows the region, or else the first label. */
function families({ endpoints }: Service): string[] {
  return endpoints.flatMap(({ url, regions = [] }) => {
    const labels = (url.split(/[/:]+/)[1] as string).split(".");
    const region = labels.findIndex((label) => ["{region}", ...regions].includes(label));
    const family = labels.slice(Math.max(region, 0) + 1);
    return family[1] ? family.join(".") : [];
  });
}

/** At most three names, the nearest first. */
function alike(name: string, names: readonly string[]): string[] {
  const steps = (other: string) => (other.includes(name) ? 1 : distance(name, other));
  return names
    .filter((other) => steps(other) < 4)
    .sort((a, b) => steps(a) - steps(b))
    .slice(0, 3);
}

/** How many characters must be put in, taken out or replaced. */
function distance(a: string, b: string): number {
  const row = [...b, ""].map((_, index) => index);
  for (const char of a.slice(0, 64)) {
    let corner = row[0] as number;
    row[0] = corner + 1;
    for (let index = 1; index < row.length; index++) {
      const above = row[index] as number;
      row[index] = Math.min(above + 1, (row[index - 1] as number) + 1, corner + (char === b[index - 1] ? 0 : 1));
      corner = above;
    }
  }
  return row.at(-1) as number;
}
