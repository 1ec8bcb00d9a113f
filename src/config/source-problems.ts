import { Secret } from "./secret.js";
import type { SourceSettings } from "./sections/sources.js";

/** Profiles that are always there; a document may give its own of the same name. */
const builtInExtractionProfiles: readonly string[] = [
  "builtin_text",
  "builtin_conversation",
  "locomo_conversation",
  "locomo_persona",
];

const isBlank = (text: string | Secret | undefined) => text === undefined || text === "";

function holdsText(value: unknown): boolean {
  const text = value instanceof Secret ? value.reveal() : value;
  return text !== undefined && text !== null && text !== "";
}

function hasTarget({ target_bank: bank, target_bank_template: template }: SourceSettings): boolean {
  return !isBlank(bank) || !isBlank(template);
}

function* proxyProblems({ url, target_bank: bank }: SourceSettings): Generator<string> {
  if (isBlank(url)) yield "type proxy requires url";
  if (isBlank(bank)) yield "type proxy requires target_bank";
}

function* pollProblems(source: SourceSettings): Generator<string> {
  const { driver = "", interval_seconds: interval = 0, path = "", auth } = source;
  if (driver.toLowerCase() !== "github") yield "type poll requires driver: github";
  if (interval < 60) yield "type poll requires interval_seconds >= 60 (GitHub API rate limits)";
  if (!/^[^/]+\/[^/]+$/.test(path)) {
    yield "type poll with driver github requires path: owner/repo";
  }
  if (!hasTarget(source)) yield "type poll requires target_bank or target_bank_template";
  if (!holdsText(auth?.["token"])) {
    yield "type poll with driver github requires auth.token (GitHub personal access token or fine-grained token)";
  }
}

function* streamProblems(source: SourceSettings): Generator<string> {
  const { driver, url, topic, consumer_group: group } = source;
  if (!isBlank(driver) && !/^(?:redis|kafka)$/i.test(driver ?? "")) {
    yield "stream driver is not supported (use redis or kafka)";
  }
  if (isBlank(url)) yield "type stream requires url (Redis URL or Kafka bootstrap servers)";
  if (isBlank(topic)) yield "type stream requires topic (Redis stream key / Kafka topic)";
  if (isBlank(group)) yield "type stream requires consumer_group";
  if (!hasTarget(source)) yield "type stream requires target_bank or target_bank_template";
}

function problemsByType(source: SourceSettings): Iterable<string> {
  switch ((source.type ?? "").toLowerCase()) {
    case "":
      return ["type is required"];
    case "proxy":
      return proxyProblems(source);
    case "poll":
    case "api_poll":
      return pollProblems(source);
    case "stream":
      return streamProblems(source);
    default:
      return [];
  }
}

/**
 * What a source lacks for its type. An unknown type is the gateway's business.
 *
 * @param profiles - Names of extraction profiles that the document gives.
 * @remarks Spec 03 section 5.
 */
export function sourceProblems(
  id: string,
  source: SourceSettings,
  profiles: readonly string[],
): string[] {
  const { extraction_profile: profile = "" } = source;
  const known = [...builtInExtractionProfiles, ...profiles];
  const unknownProfile =
    profile === "" || known.includes(profile)
      ? []
      : [`extraction_profile is none of ${known.join(", ")}`];
  return [...problemsByType(source), ...unknownProfile].map(
    (problem) => `sources.${id}: ${problem}`,
  );
}
