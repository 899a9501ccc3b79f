/** One changed fact: where, what became of it, and how to make the change. */
export interface Mutation {
  kind: string;
  place: string;
  change: string;
  apply(document: Json): void;
}

export type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
type Objekt = { [key: string]: Json };

/** Every single-fact change that can be made to one specification document. */
export function mutationsOf(document: Json): Mutation[] {
  const found: Mutation[] = [];
  visit(document, []);
  return found;

  function visit(value: Json, path: string[]) {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, String(index)]);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    // What an example holds is an example of the facts, not a fact; a name below `properties` is not a keyword.
    const names = ["properties", "x-errors", "schemas", "parameters", "responses", "examples"].includes(
      path.at(-1) ?? "",
    );
    if (!names) facts(value, path);
    if (path.at(-1) === "properties") properties(value, path);
    if (path.at(-1) === "x-errors") errors(value, path);
    for (const [key, inner] of Object.entries(value)) {
      if (key === "examples" || key === "example" || key === "links" || key === "externalDocs") continue;
      visit(inner, [...path, key]);
    }
  }

  function facts(value: Objekt, path: string[]) {
    const { type, format, required, enum: values, in: location } = value;
    const inSchemas = path.includes("schemas") || path.includes("schema");
    if (inSchemas && typeof type === "string" && ["string", "integer", "number", "boolean"].includes(type)) {
      const other = type === "string" ? "integer" : "string";
      set("type", path, `type ${type} becomes ${other}`, (at) => {
        at.type = other;
        delete at.format;
      });
    }
    if (format === "password") set("secret", path, "the secret mark is lost", (at) => delete at.format);
    else if (inSchemas && type === "string" && !values && !format)
      set("secret", path, "a secret mark is added", (at) => (at.format = "password"));
    if (Array.isArray(required)) {
      for (const name of required)
        set(
          "required",
          path,
          `${name} is no longer required`,
          (at) => (at.required = (at.required as Json[]).filter((one) => one !== name)),
        );
    }
    if (typeof location === "string" && value["x-client"] === undefined && location !== "path") {
      set("required", path, "required is flipped", (at) => (at.required = at.required !== true));
    }
    if (typeof location === "string")
      set("name", path, `parameter ${value.name} is renamed`, (at) => (at.name = `${at.name}X`));
    if (Array.isArray(values)) {
      values.forEach((member, index) => {
        if (values.length > 1)
          set("enum", path, `${member} leaves the value list`, (at) => (at.enum as Json[]).splice(index, 1));
      });
      const extra = typeof values[0] === "number" ? 99 : "unheard-of";
      set("enum", path, `${extra} joins the value list`, (at) => (at.enum as Json[]).push(extra));
    }
    for (const bound of ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "default"]) {
      const old = value[bound];
      if (typeof old === "number")
        set("bound", path, `${bound} ${old} becomes ${old + 1}`, (at) => (at[bound] = old + 1));
    }
    const client = value["x-client"];
    if (typeof client === "string")
      set("client value", path, `${client} no longer stands in`, (at) => delete at["x-client"]);
    if (value.links !== undefined) set("link", path, "its links are lost", (at) => delete at.links);
    const regions = value["x-regions"];
    if (Array.isArray(regions))
      set("region", path, `${regions[0]} is lost`, (at) => (at["x-regions"] as Json[]).shift());
    if (path.at(-2) === "servers") set("server", path, "its URL changes", (at) => (at.url = `${at.url}/v9`));
    behaviour(value, path);
  }

  function behaviour(value: Objekt, path: string[]) {
    const effect = value["x-effect"];
    if (typeof effect === "string") {
      const other = effect === "read" ? "overwrites" : "read";
      set("effect", path, `effect ${effect} becomes ${other}`, (at) => (at["x-effect"] = other));
    }
    const rate = value["x-rate-limit"];
    if (rate) {
      set(
        "rate",
        path,
        "the rate limit grows",
        (at) => ((at["x-rate-limit"] as Objekt).requests = ((rate as Objekt).requests as number) + 1),
      );
      set("rate", path, "the rate limit is lost", (at) => delete at["x-rate-limit"]);
    }
    const task = value["x-task"] as Objekt | undefined;
    for (const group of ["running", "succeeded", "failed"]) {
      ((task?.[group] ?? []) as Json[]).forEach((state, index) => {
        const other = group === "failed" ? "succeeded" : "failed";
        set("task state", path, `${state} moves from ${group} to ${other}`, (at) => {
          const here = at["x-task"] as { [key: string]: Json[] };
          here[group]?.splice(index, 1);
          here[other]?.push(state);
        });
      });
    }
    const pages = value["x-pagination"] as Objekt | undefined;
    if (pages) {
      set(
        "pagination",
        path,
        "the first position changes",
        (at) => ((at["x-pagination"] as Objekt).first = 1 - (pages.first as number)),
      );
      const style = pages.style === "page" ? "offset" : "page";
      set("pagination", path, `pages are counted by ${style}`, (at) => ((at["x-pagination"] as Objekt).style = style));
    }
    const [last, before] = [path.at(-1), path.at(-2)];
    if (before === "paths") {
      for (const method of ["get", "post", "put", "delete"].filter((name) => value[name])) {
        const other = method === "post" ? "put" : "post";
        set("method", path, `${method} becomes ${other}`, (at) => rename(at, method, other));
      }
    }
    if (last === "paths") {
      for (const key of Object.keys(value))
        set("path", path, `path ${key} grows`, (at) => rename(at, key, `${key.replace(/\/$/, "")}/x`));
    }
    if (value.responses) {
      const responses = value.responses as Objekt;
      for (const status of Object.keys(responses)) {
        const other = status === "200" ? "202" : status.startsWith("2") ? "200" : "418";
        if (responses[other]) continue;
        set("status", path, `status ${status} becomes ${other}`, (at) => {
          const here = at.responses as Objekt;
          here[other] = here[status] as Json;
          delete here[status];
        });
      }
    }
  }

  function properties(value: Objekt, path: string[]) {
    for (const name of Object.keys(value)) {
      set("field", path, `${name} is renamed`, (at) => rename(at, name, `${name}X`));
      set("field", path, `${name} is lost`, (at) => delete at[name]);
    }
  }

  function errors(value: Objekt, path: string[]) {
    for (const [code, error] of Object.entries(value)) {
      set("error code", path, `${code} is lost`, (at) => delete at[code]);
      set(
        "error code",
        path,
        `${code} gets another status`,
        (at) => ((at[code] as Objekt).status = (error as Objekt).status === 400 ? 409 : 400),
      );
      set("error code", path, `${code} changes its kind`, (at) => {
        const here = at[code] as Objekt;
        if (here.kind === undefined) here.kind = "throttled";
        else delete here.kind;
      });
    }
  }

  function set(kind: string, path: string[], change: string, make: (at: Objekt) => void) {
    const apply = (root: Json) => make(path.reduce<Json>((here, key) => (here as Objekt)[key] as Json, root) as Objekt);
    found.push({ kind, place: path.join("."), change, apply });
  }
}

function rename(object: Objekt, from: string, to: string) {
  object[to] = object[from] as Json;
  delete object[from];
}
