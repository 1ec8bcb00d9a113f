import { readRecords, readShare, readText } from "../../llm/reply-values.js";
import { parseTolerantJson } from "../../llm/tolerant-json.js";

/** What a model wants to do to the observations of a bank. */
export type ObservationAction =
  | {
      readonly action: "create";
      readonly text: string;
      /** In `[0, 1]`; absent when the reply does not say. */
      readonly confidence?: number | undefined;
    }
  | {
      readonly action: "update";
      readonly observationId: string;
      readonly text: string;
      readonly confidence?: number | undefined;
    }
  | { readonly action: "delete"; readonly observationId: string };

function readAction(item: Record<string, unknown>): ObservationAction | undefined {
  const text = readText(item["text"]);
  const observationId = readText(item["obs_id"]);
  const confidence = readShare(item["confidence"]);
  switch (item["action"]) {
    case "create":
      return text === undefined ? undefined : { action: "create", text, confidence };
    case "update":
      return text === undefined || observationId === undefined
        ? undefined
        : { action: "update", observationId, text, confidence };
    case "delete":
      return observationId === undefined ? undefined : { action: "delete", observationId };
    default:
      return undefined;
  }
}

/**
 * Reads a reply that lists actions: a JSON list of `{ action, obs_id, text, confidence }`, also with remarks around it.
 * Unknown actions, and those that lack a text or an id they need, are left out.
 */
export function parseObservationActions(reply: string): ObservationAction[] {
  return readRecords(parseTolerantJson(reply, {}, "list"))
    .map(readAction)
    .filter((action) => action !== undefined);
}
