import { join } from "node:path";
import type { Expiring } from "../credentials.js";
import type { AkSkCredentials, TokenCredentials } from "../sign/types.js";
import { type File, homeOf, open, parseJson } from "./files.js";
import { toAkSk } from "./huawei.js";
import * as sources from "./source.js";

/** A user's login at the identity service. The password is a function so that no log shows it. */
export interface Login extends sources.Settings {
  user: { name: string } | { id: string };
  password(): string;
}

export interface OtcOptions extends sources.SourceOptions {
  /** The current folder, where clouds.yaml is looked for first. */
  cwd?: string;
  /** Reads YAML, such as `parse` of the package `yaml`: core itself has no parser. clouds.json needs none. */
  parseYaml?: (text: string) => unknown;
  /** Exchanges a password for a token: what the identity client does. Without it a password login is an error. */
  logIn?: (login: Login) => Promise<Expiring<TokenCredentials>>;
}

type Credentials = AkSkCredentials | TokenCredentials;

/** In clouds.yaml; in the environment the same with `OS_` before it, in capitals. */
const KEY = {
  id: ["access_key", "access_key_id", "ak"],
  secret: ["secret_key", "access_key_secret", "sk"],
  token: ["security_token", "aksk_security_token", "st"],
};
const TOKEN = ["token", "token_id"];
const USER = ["username", "user_id", "userid"];
const SETTINGS = {
  region: ["region_name", "region_id"],
  projectId: ["project_id", "tenant_id"],
  projectName: ["project_name", "tenant_name"],
  domainId: ["domain_id", "user_domain_id", "project_domain_id"],
  domainName: ["domain_name", "user_domain_name", "project_domain_name"],
  authUrl: ["auth_url"],
};
/** Keys that OTC's tools take from the environment although they are named after another service. */
const AWS = {
  id: ["AWS_ACCESS_KEY_ID"],
  secret: ["AWS_ACCESS_SECRET_KEY", "AWS_ACCESS_KEY_SECRET"],
  token: ["AWS_SECURITY_TOKEN"],
};
const S3 = { id: ["S3_ACCESS_KEY_ID"], secret: ["S3_SECRET_ACCESS_KEY"] };

/**
 * Open Telekom Cloud AK/SK or token, by the conventions of its Go and Python tools. In order: the cloud
 * `OS_CLOUD`, where that is set, and nothing else; the environment; the only cloud of clouds.yaml with secure.yaml over it, from `OS_CLIENT_CONFIG_FILE`, the current folder,
 * `~/.config/openstack` or `/etc/openstack`. Within each: AK/SK, then a token, then a password login through `logIn`.
 * Settings: region, projectId, projectName, domainId, domainName, authUrl.
 * @throws {SourceError} when called: no place has any, or the first one that is there is broken
 */
export function otcCredentials(options: OtcOptions = {}): sources.SourcedProvider<Credentials> {
  const environment = () => sources.environmentOf(options, (name) => `OS_${name.toUpperCase()}`);
  const named = (name: string) => sources.environmentOf(options).get([name]);
  return sources.firstOf(
    // A cloud that is asked for by name is meant, whatever else lies about.
    named("OS_CLOUD") ? [inClouds] : [foreign(AWS), inEnvironment, foreign(S3), inClouds],
    (found: Credentials) => found,
    () => sources.settingsIn(environment(), SETTINGS),
  );

  /** Half of such a key, as Amazon's own AWS_ACCESS_KEY_ID is, is none of ours. */
  function foreign(names: sources.KeyNames) {
    return async () => {
      const fields = sources.environmentOf(options);
      const whole = fields.get(names.id) && fields.get(names.secret) && sources.keyIn(fields, names);
      return whole ? { ...whole, credentials: toAkSk(whole.credentials) } : `environment ${names.id[0]}: not set`;
    };
  }

  async function inEnvironment() {
    return (await credentialsIn(environment())) ?? "environment OS_ACCESS_KEY, OS_TOKEN, OS_USERNAME: not set";
  }

  async function inClouds() {
    const cloud = named("OS_CLOUD");
    const file = await find("clouds", "OS_CLIENT_CONFIG_FILE");
    if (!file) {
      if (cloud)
        throw new sources.SourceError("unreadable", "clouds.yaml", "not there, but OS_CLOUD is set", {
          field: "OS_CLOUD",
        });
      return "clouds.yaml: not there";
    }
    const clouds = cloudsIn(file);
    const names = Object.keys(clouds);
    const name = cloud?.value ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined || !Object.hasOwn(clouds, name)) {
      throw new sources.SourceError("incomplete", file.source, `OS_CLOUD must be one of ${names.join(", ")}`, {
        field: "OS_CLOUD",
      });
    }
    const secure = await find("secure", "OS_CLIENT_SECURE_FILE");
    const source = `${file.source} cloud ${name}`;
    const values = { ...flat(source, clouds[name]), ...(secure && flat(secure.source, cloudsIn(secure)[name] ?? {})) };
    return (
      (await credentialsIn(sources.fieldsOf(source, values))) ??
      sources.without(source, "ak, token or username", cloud?.name)
    );
  }

  async function credentialsIn(fields: sources.Fields): Promise<sources.Found<Credentials> | undefined> {
    const settings = sources.settingsIn(fields, SETTINGS);
    const key = sources.keyIn(fields, KEY);
    if (key) return { ...key, credentials: toAkSk(key.credentials), settings };
    const token = fields.get(TOKEN);
    if (token) return { credentials: { token: token.value }, source: placeOf(token.name), settings };
    const login = sources.keyIn(fields, { id: USER, secret: ["password"] });
    if (!login) return undefined;
    if (!options.logIn)
      throw new sources.SourceError("unsupported", login.source, "a password login needs the option logIn", {
        field: "logIn",
      });
    const { id, secret } = login.credentials;
    const user = fields.get(["username"]) ? { name: id } : { id };
    return {
      credentials: await options.logIn({ ...settings, user, password: () => secret }),
      source: login.source,
      settings,
    };

    function placeOf(name: string) {
      return fields.source === "environment" ? `environment ${name}` : fields.source;
    }
  }

  /** The first of the files that the tools look for. */
  async function find(base: string, variable: string): Promise<File | undefined> {
    const path = named(variable)?.value;
    const folders = [
      options.cwd ?? process.cwd(),
      join(homeOf(options), ".config/openstack"),
      join(options.etc ?? "/etc", "openstack"),
    ];
    const paths = folders.flatMap((folder) => [".yaml", ".yml", ".json"].map((ending) => join(folder, base + ending)));
    for (const each of path ? [path] : paths) {
      const file = await open(each, options, path && variable);
      if (typeof file !== "string") return file;
    }
    return undefined;
  }

  function cloudsIn(file: File): Record<string, unknown> {
    const content = file.source.endsWith(".json") ? parseJson(file) : parseYaml(file);
    const clouds = (content as { clouds?: Record<string, unknown> } | null)?.clouds;
    if (typeof clouds !== "object" || clouds === null)
      throw new sources.SourceError("malformed", file.source, "has no clouds");
    return clouds;
  }

  function parseYaml({ source, text }: File): unknown {
    if (!options.parseYaml) {
      const problem = "needs the option parseYaml, such as `parse` of the package yaml (with merge: true)";
      throw new sources.SourceError("unsupported", source, problem, { field: "parseYaml" });
    }
    try {
      return options.parseYaml(text);
    } catch (error) {
      // Parsers quote the text in their message; only the line is taken.
      const line = (error as { linePos?: { line?: number }[] } | null)?.linePos?.[0]?.line;
      throw new sources.SourceError("malformed", source, "is not YAML", { line });
    }
  }
}

/** A cloud's own fields and those of its `auth` together: the tools differ in where they keep keys. */
function flat(source: string, cloud: unknown): object {
  const { auth } = sources.fieldsOf(source, cloud) && (cloud as { auth?: object });
  return { ...(cloud as object), ...auth };
}
