/** What a vector wants to be reached. */
export interface Aim {
  readonly authorization?: string;
  readonly signature?: string;
}

/** What our signing made: a whole header, or the signature alone where the scheme has no header. */
export type Signed = { readonly authorization: string } | { readonly signature: string };

interface Parts {
  readonly scheme: string;
  /** `Credential=` or `Access=`, the name included. */
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
}

/**
 * What differs. A signature alone is compared with the signature alone; a header by its parts, so that neither their
 * order nor the spaces between them count.
 */
export function compare(signed: Signed, aim: Aim): string | undefined {
  const got = "authorization" in signed ? parse(signed.authorization) : undefined;
  const signature = "signature" in signed ? signed.signature : got?.signature;
  const want = aim.authorization === undefined ? undefined : parse(aim.authorization);
  if (aim.authorization !== undefined && got !== undefined) {
    if (want === undefined) return `signed ${shown(got)}, wanted ${JSON.stringify(cut(aim.authorization))}`;
    if (aim.signature !== undefined && aim.signature !== want.signature) {
      return "the vector's signature is not the one in its authorization";
    }
    const differs = (Object.keys(want) as (keyof Parts)[]).filter((part) => got[part] !== want[part]);
    if (differs.length === 0) return undefined;
    if (differs.every((part) => part === "signature" || part === "signedHeaders")) {
      return `signed ${shown(got)}, wanted ${shown(want)}`;
    }
    const list = (parts: Parts) => differs.map((part) => parts[part]).join(", ");
    return `signed ${list(got)}, wanted ${list(want)}`;
  }
  const wanted = aim.signature ?? want?.signature ?? aim.authorization;
  return signature === wanted ? undefined : `signed ${signature}, wanted ${cut(String(wanted))}`;
}

function parse(header: string): Parts | undefined {
  const [, scheme = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  const parts = rest.split(",").map((part) => part.trim());
  const value = (name: string) => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const credential = parts.find((part) => /^(Credential|Access)=/.test(part));
  const signedHeaders = value("SignedHeaders");
  const signature = value("Signature");
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  return { scheme, credential, signedHeaders, signature };
}

function shown({ signature, signedHeaders }: Parts): string {
  return `${signature} over ${signedHeaders}`;
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
