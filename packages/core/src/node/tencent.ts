import { join } from "node:path";
import type { Tc3Credentials } from "../sign/types.js";
import { homeOf, inIni, open, parseJson } from "./files.js";
import { ask, metadataAt } from "./metadata.js";
import * as sources from "./source.js";

const ENVIRONMENT = {
  id: ["TENCENTCLOUD_SECRET_ID"],
  secret: ["TENCENTCLOUD_SECRET_KEY"],
  token: ["TENCENTCLOUD_SESSION_TOKEN", "TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN"],
  role: ["TENCENTCLOUD_ROLE_ARN"],
  region: ["TENCENTCLOUD_REGION"],
};
const TCCLI = { id: ["secretId"], secret: ["secretKey"], token: ["token"], end: "expiresAt", role: ["roleArn"] };
const INI = { id: ["secret_id"], secret: ["secret_key"], token: ["token"], role: ["role_arn"] };
const ROLE = { id: ["TmpSecretId"], secret: ["TmpSecretKey"], token: ["Token"], end: "ExpiredTime" };

/**
 * Tencent Cloud keys, by the conventions of its SDKs, tccli and Terraform provider. In order: the environment; the tccli profile
 * (`TCCLI_PROFILE`, else `default`); `~/.tencentcloud/credentials`; `/etc/tencentcloud/credentials`; the role of this CVM instance.
 * Settings: region.
 * @throws {SourceError} when called: no place has keys, or the first one that is there is broken
 */
export function tencentCredentials(options: sources.SourceOptions = {}): sources.SourcedProvider<Tc3Credentials> {
  const metadata = metadataAt("http://metadata.tencentyun.com", options);
  const looks = [
    sources.inEnvironment(options, ENVIRONMENT),
    inTccli,
    inIni(join(homeOf(options), ".tencentcloud/credentials"), "default", INI, options),
    inIni(join(options.etc ?? "/etc", "tencentcloud/credentials"), "default", INI, options),
    inMetadata,
  ];
  return sources.firstOf(
    looks,
    ({ id, secret, ...more }: sources.Key) => ({ secretId: id, secretKey: secret, ...more }),
    () => sources.settingsIn(sources.environmentOf(options), ENVIRONMENT),
  );

  async function inTccli() {
    const profile = sources.environmentOf(options).get(["TCCLI_PROFILE"]);
    const path = join(homeOf(options), ".tccli", profile?.value ?? "default");
    const file = await open(`${path}.credential`, options, profile?.name);
    if (typeof file === "string") return file;
    const fields = sources.fieldsOf(file.source, parseJson(file));
    if (fields.get(["type"])?.value === "cvm-role") {
      const found = await inMetadata();
      if (typeof found !== "string") return found;
      throw new sources.SourceError("unreachable", file.source, `asks for the role of this instance; ${found}`);
    }
    const found = sources.keyIn(fields, TCCLI);
    if (!found) return sources.without(file.source, "secretId", profile?.name);
    return { ...found, settings: await tccliSettings(`${path}.configure`) };
  }

  async function tccliSettings(path: string) {
    const file = await open(path, options);
    if (typeof file === "string") return {};
    const values = parseJson(file) as { _sys_param?: object } | null;
    return sources.settingsIn(sources.fieldsOf(file.source, { ...values, ...values?._sys_param }), {
      region: ["region"],
    });
  }

  async function inMetadata() {
    if (metadata === false) return "CVM metadata: left out";
    const base = `${metadata}/latest/meta-data/cam/security-credentials/`;
    const role = await ask(base, options);
    // Anything else is not the metadata service, whatever answers there.
    const name = /^[\w+=,.@-]{1,128}$/.exec(role.text?.trim() ?? "")?.[0];
    if (!name) return `CVM metadata: ${role.problem ?? "names no role"}`;
    const source = `CVM metadata role ${name}`;
    const { text, problem } = await ask(base + encodeURIComponent(name), options);
    if (text === undefined) return `${source}: ${problem}`;
    return sources.keyIn(sources.fieldsOf(source, parseJson({ source, text })), ROLE) ?? `${source}: gives no key`;
  }
}
