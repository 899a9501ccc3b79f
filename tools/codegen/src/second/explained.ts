/** Warnings of the engine that were looked into, with what came out. Any other warning fails the check. */
export const explained: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: /OpenAPI 3\.1 support is still in beta/,
    why: "Printed for every 3.1 document. The subset we stay in was measured to work.",
  },
  {
    pattern: /Unknown scheme `(TC3|SDK)-HMAC-SHA256` found in the HTTP security definition/,
    why: "The engine has no code for the vendors' signatures. The signer of the other languages is ours.",
  },
  {
    pattern: /Failed to get the schema name: null/,
    why: "The engine asks for the name of a type that has none, such as a map of strings. Nothing is missing from its output.",
  },
  {
    pattern: /(type|Type|date|Date) \(reserved word\) cannot be used as (parameter|model) name/,
    why: "A parameter of this name gets another one in the generated code only; on the wire it keeps its own.",
  },
];
