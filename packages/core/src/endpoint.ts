import { OwnError } from "./errors.js";
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

/** An address that cannot or must not be used. */
export class EndpointError extends OwnError {
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

  constructor(message: string, region: string | undefined, near: readonly string[]) {
    super("region", message);
    this.name = "UnknownRegionError";
    this.region = region;
    this.near = near;
  }
}

/** The address of a service, without a slash at its end. @throws {EndpointError} */
export function resolveEndpoint(service: Service, options: EndpointOptions = {}): string {
  const url =
    options.endpoint === undefined ? fromTable(service, options) : override(service, options.endpoint, options);
  return url.replace(/\/+$/, "");
}

function fromTable({ name, endpoints }: Service, { region, site }: EndpointOptions): string {
  const here = endpoints.filter((endpoint) => endpoint.site === site);
  if (!here[0]) throw new EndpointError("site", `${name} has no site ${site}`);
  const found = entryOf(endpoints, region, site);
  if (found) return found.url.replace("{region}", region as string);

  const own = regionsOf(here);
  const known = [...new Set(own[0] ? own : regionsOf(endpoints))];
  const near = alike(region ?? "", known);
  const elsewhere = endpoints.filter(({ regions }) => regions?.includes(region as string));
  const sites = elsewhere.map(({ site }) =>
    site ? `site ${JSON.stringify(site)} has it` : "it is there without site",
  );
  const hint = sites[0] ? [...new Set(sites)] : [`try ${(near[0] ? near : known).join(", ")}`];
  const wrong = region === undefined ? "region is missing" : `no region ${JSON.stringify(region)}`;
  throw new UnknownRegionError(`${name}: ${wrong}, ${hint.join(", ")}`, region, near);
}

/** The server for a region and site, if there is one. */
function entryOf(endpoints: readonly Endpoint[], region: string | undefined, site: string | undefined) {
  const here = endpoints.filter((endpoint) => endpoint.site === site);
  const own = ({ url }: Endpoint) => url.includes("{region}");
  if (region === undefined) return here.find((endpoint) => !own(endpoint) && endpoint.regions?.length !== 1);
  const serves = ({ regions }: Endpoint) => regions?.includes(region);
  const known = regionsOf(endpoints);
  // Where a server lists no regions, it has those that the service has elsewhere.
  const exists = known[0] ? known.includes(region) : /^[a-z\d-]+$/.test(region);
  // A region with a host of its own (finance zones) keeps it on every site.
  return (
    here.find(serves) ??
    endpoints.find((endpoint) => !endpoint.site && own(endpoint) && serves(endpoint)) ??
    (exists ? here.find(({ regions }) => !regions) : undefined)
  );
}

function regionsOf(endpoints: readonly Endpoint[]): string[] {
  return endpoints.flatMap(({ regions = [] }) => regions);
}

function override(service: Service, text: string, options: EndpointOptions): string {
  // The text is not repeated: it may hold a password.
  if (!/^https?:\/\/[^/\s\\?#@][^\s\\?#@]*$/i.test(text) || !URL.canParse(text)) {
    throw new EndpointError("malformed", "endpoint must be https://host[:port][/path]");
  }
  const { href, protocol, hostname } = new URL(text);
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return href;
  if (protocol === "http:" && !options.allowInsecure) {
    throw new EndpointError("insecure", `${hostname} over plain http needs allowInsecure`);
  }
  if (!options.trustEndpoint && !hostsOf(service, options).some((host) => host.test(hostname))) {
    const problem = `${hostname} is none of the service's hosts for this region and site`;
    throw new EndpointError("foreign", `${problem}: to send credentials there needs trustEndpoint`);
  }
  return href;
}

/** The hosts of the server that region and site lead to, whatever its region; where they lead to none, of all servers of the site. */
function hostsOf({ endpoints }: Service, { region, site }: EndpointOptions): RegExp[] {
  const entry = region === undefined ? undefined : entryOf(endpoints, region, site);
  const servers = entry ? [entry] : endpoints.filter((endpoint) => endpoint.site === site);
  const known = regionsOf(endpoints).map((name) => name.replaceAll(".", "\\."));
  const between = `\\.(${[...new Set(known), REGION].join("|")})`;
  return servers.map(({ url, regions = [] }) => {
    const labels = (url.split(/[/:]+/)[1] as string).split(".");
    const at = labels.findIndex((label) => ["{region}", ...regions].includes(label));
    // Only a region may stand there: `dcs.obs.eu-de.` is anybody's bucket of that name.
    const [before, middle, after] =
      at < 0
        ? [labels.slice(0, 1), "(\\.[a-z\\d-]+)?", labels.slice(1)]
        : [labels.slice(0, at), between, labels.slice(at + 1)];
    // A host of two labels has no room for another: it would be anybody's.
    return new RegExp(`^${before.join("\\.")}${after[1] ? middle : ""}\\.${after.join("\\.")}$`);
  });
}

/** A region that is not listed, as `eu-de` and `eu-ch2.sc`. */
const REGION = "[a-z]{2}-[a-z][a-z\\d-]*(\\.[a-z\\d-]+)?";

/** At most three names, the nearest first: those that share most pairs of characters. */
function alike(name: string, names: readonly string[]): string[] {
  const pairs = (text: string) => new Set(Array.from(text).map((_, at) => text.slice(at, at + 2)));
  const wanted = pairs(name);
  const likeness = (other: string) => {
    const its = pairs(other);
    return (2 * [...its].filter((pair) => wanted.has(pair)).length) / (its.size + wanted.size);
  };
  const near = names.filter((other) => likeness(other) > 0.45);
  return near.sort((a, b) => likeness(b) - likeness(a)).slice(0, 3);
}
