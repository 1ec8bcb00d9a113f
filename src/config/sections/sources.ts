import * as z from "zod";
import { Secret } from "../secret.js";
import { hasCredentials } from "../secret-text.js";
import { revealedText } from "./kinds.js";

const optionalText = (what: string) => z.string().trim().optional().describe(what);

const sourceSchema = z.object({
  type: optionalText("`proxy`, `webhook`, `poll`, `api_poll`, `stream`; it must be there."),
  extraction_profile: optionalText("How its contents are prepared."),
  target_bank: optionalText("The bank it fills."),
  target_bank_template: optionalText("The bank it fills, with fields of the event."),
  principal: optionalText("Who retains."),
  auth: z.record(z.string(), z.unknown()).optional().describe("How it is signed in to."),
  path: optionalText("What is polled, as `owner/repo`."),
  driver: optionalText("`github` for polls, `redis` or `kafka` for streams."),
  topic: optionalText("The stream's topic."),
  consumer_group: optionalText("The stream's consumer group."),
  url: revealedText
    .transform((value) => (hasCredentials(value) ? new Secret(value) : value))
    .optional()
    .describe("Where it is."),
  interval_seconds: z.number().optional().describe("How often it is polled."),
  recall_method: optionalText("`GET` or `POST`, for proxies."),
  recall_body: z.unknown().optional().describe("What a proxy's recall sends."),
});
export type SourceSettings = z.infer<typeof sourceSchema>;

export const sourcesSchema = z.record(z.string(), sourceSchema);
