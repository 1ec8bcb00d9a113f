import { trim } from "../../internal/whitespace.js";

/**
 * The name of the tool that a model means. Some models put a namespace (`functions.`) or `call=` before it, or control
 * tokens (`<|channel|>…`) after it.
 */
export function normaliseToolName(name: string): string {
  let tool = trim(name);
  for (const prefix of ["call=", "functions."]) {
    if (tool.startsWith(prefix)) tool = tool.slice(prefix.length);
  }
  return trim(tool.split("<|", 1)[0] ?? "");
}

/** Whether the model says that it is done. */
export function isDoneTool(name: string): boolean {
  return normaliseToolName(name).toLowerCase() === "done";
}
