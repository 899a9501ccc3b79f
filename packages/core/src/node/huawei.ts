import { join } from "node:path";
import type { AkSkCredentials } from "../sign/types.js";
import { homeOf, inIni, parseJson } from "./files.js";
import { ask, metadataAt } from "./metadata.js";
import * as sources from "./source.js";

const SDK = { id: ["HUAWEICLOUD_SDK_AK"], secret: ["HUAWEICLOUD_SDK_SK"], token: ["HUAWEICLOUD_SDK_SECURITY_TOKEN"] };
const TERRAFORM = { id: ["HW_ACCESS_KEY"], secret: ["HW_SECRET_KEY"], token: ["HW_SECURITY_TOKEN"] };
const OPENSTACK = {
  id: ["OS_ACCESS_KEY"],
  secret: ["OS_SECRET_KEY"],
  token: ["OS_SECURITY_TOKEN"],
  region: ["OS_REGION_NAME"],
  projectId: ["OS_PROJECT_ID"],
  domainId: ["OS_DOMAIN_ID"],
};
const INI = {
  id: ["ak"],
  secret: ["sk"],
  token: ["security_token"],
  projectId: ["project_id"],
  domainId: ["domain_id"],
};
const AGENCY = { id: ["access"], secret: ["secret"], token: ["securitytoken"], end: "expires_at" };
const SETTINGS = {
  region: ["HW_REGION_NAME"],
  projectId: ["HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID"],
  domainId: ["HUAWEICLOUD_SDK_DOMAIN_ID", "HW_DOMAIN_ID"],
};

/** AK and SK as the signers take them. */
export const toAkSk = ({ id, secret, token, ...more }: sources.Key) => ({
  ak: id,
  sk: secret,
  securityToken: token,
  ...more,
});

/**
 * Huawei Cloud AK/SK, by the conventions of its SDK v3 and Terraform provider. In order: the environment under the SDK's names; under
 * Terraform's (`HW_*`); `[basic]` of `~/.huaweicloud/credentials` (or `HUAWEICLOUD_SDK_CREDENTIALS_FILE`); the environment under
 * `OS_*`, which Terraform takes too; the agency of this ECS instance. Settings: region, projectId, domainId.
 * @throws {SourceError} when called: no place has keys, or the first one that is there is broken
 */
export function huaweiCredentials(options: sources.SourceOptions = {}): sources.SourcedProvider<AkSkCredentials> {
  const metadata = metadataAt("http://169.254.169.254", options);
  const environment = (names: sources.KeyNames) => sources.inEnvironment(options, names);
  return sources.firstOf(
    [environment(SDK), environment(TERRAFORM), inFile, environment(OPENSTACK), inMetadata],
    toAkSk,
    () => sources.settingsIn(sources.environmentOf(options), SETTINGS),
  );

  async function inFile() {
    const named = sources.environmentOf(options).get(["HUAWEICLOUD_SDK_CREDENTIALS_FILE"]);
    const path = named?.value ?? join(homeOf(options), ".huaweicloud/credentials");
    return inIni(path, "basic", INI, options, named?.name)();
  }

  async function inMetadata() {
    const source = "ECS metadata";
    if (metadata === false) return `${source}: left out`;
    const asked = { method: "PUT", headers: { "X-Metadata-Token-Ttl-Seconds": "60" } };
    const session = await ask(`${metadata}/meta-data/latest/api/token`, options, asked);
    // Instances that know no sessions answer 404 or 405, and need none.
    const headers: Record<string, string> = session.text ? { "X-Metadata-Token": session.text.trim() } : {};
    if (session.problem === "not reachable") return `${source}: ${session.problem}`;
    const { text, problem } = await ask(`${metadata}/openstack/latest/securitykey`, options, { headers });
    if (text === undefined) return `${source}: ${problem}`;
    const answer = parseJson({ source, text }) as { credential?: unknown } | null;
    return sources.keyIn(sources.fieldsOf(source, answer?.credential), AGENCY) ?? `${source}: gives no key`;
  }
}
