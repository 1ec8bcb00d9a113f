import { AstrocyteError } from "astrocyte";

/**
 * What a model may know of a failed call: the kind of error, never its message, which can name banks, principals, hosts and
 * paths. Errors that are not ours are all one kind. The names are those of the contract, without "Error" at the end.
 */
export function failureName(error: unknown): string {
  if (!AstrocyteError.isInstance(error)) return "InternalError";
  return error.code === "ASTROCYTE_CONFIG" ? error.name : error.name.replace(/Error$/, "");
}

/** JSON as a tool gives it to a model: no text can end its entry, and with every `<` escaped none can open or close a section. */
export function toolJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", String.raw`\u003c`);
}
