// What the title of a table says: a place ("Request body parameters"), nothing ("Parameters"), or the name of a structure.

export type CaptionPlace = "header" | "query" | "path" | "uri" | "body" | "response" | "generic" | "structure";

export function captionPlace(caption: string): CaptionPlace {
  const text = bareTitle(caption);
  const lower = text.toLowerCase().replace(/\s*\(.*\)$/, "");
  if (!lower) return "generic";
  const place =
    /^(?:parameters? in (?:the )?)?(?:(?:http )?(?:request|response|common|public|mandatory|optional|required)\s+)*(?:(?:request|response) )?(header|query|path|uri|url|body|request|response|input|output)(?:[ -]?(?:parameters?|fields?|elements?|headers?|body|message|string|descriptions?|params?))*(?: (?:parameters?|fields?|elements?|descriptions?|list))*(?: \(.*\))?$/.exec(
      lower,
    )?.[1];
  if (place) {
    if (/\bheaders?\b/.test(lower)) return /\bresponse\b/.test(lower) ? "response" : "header";
    if (/\b(?:response|output)\b/.test(lower)) return "response";
    if (/\bquery\b/.test(lower)) return "query";
    if (/\bpath\b/.test(lower)) return "path";
    if (/\bur[il]\b/.test(lower)) return "uri";
    return "body";
  }
  if (/\bparameters? in the (?:url|uri|path|query)/.test(lower))
    return /query/.test(lower) ? "query" : /path/.test(lower) ? "path" : "uri";
  if (/\b(?:request|response) header\b/.test(lower)) return /response/.test(lower) ? "response" : "header";
  if (
    /^(?:parameters?(?: descriptions?| list)?|descriptions? of (?:the )?(?:request |response )?parameters?|(?:request|response|input|output)? ?parameters?(?: descriptions?)?|description|parameter information|field descriptions?|elements?|attributes?)$/.test(
      lower,
    )
  )
    return "generic";
  if (/^parameters? (?:for|used (?:for|to|in)|required (?:for|to))\b/.test(lower)) return "generic";
  return "structure";
}

/** The title without its number. */
export function bareTitle(caption: string): string {
  return caption
    .slice(0, 500)
    .replace(/^Table \d+(?:[-.]\d+)?[:.]?\s*/i, "")
    .trim();
}

/** "endpoints.links": a title that is nothing but a name, or names joined by dots. */
export function namedPath(caption: string): string[] | null {
  const title = bareTitle(caption)
    .replace(/\[\d*\]/g, "")
    .replace(/:$/, "");
  return /^[\p{L}_$][\p{L}\p{N}_$:-]*(?:\.[\p{L}_$][\p{L}\p{N}_$:-]*)*$/u.test(title) ? title.split(".") : null;
}
