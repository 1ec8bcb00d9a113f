import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse-config.js";

const poll = {
  type: "poll",
  driver: "github",
  interval_seconds: 60,
  path: "owner/repo",
  target_bank: "b",
  auth: { token: "t" },
};
const stream = { type: "stream", url: "u", topic: "t", consumer_group: "g", target_bank: "b" };
const proxy = { type: "proxy", url: "https://example.com", target_bank: "b" };
const source = (fields: object) => ({ sources: { s: fields } });
const tiers = (...ids: string[]) => ({
  recall_authority: { enabled: true, tiers: ids.map((id) => ({ id })) },
});

describe("CFG-10: a configuration whose fields do not go together", () => {
  it.each<[Readonly<Record<string, unknown>>, string]>([
    [{ graph_store: " AGE " }, "graph_store: "],
    [
      { structured_fact_extraction: { extraction_mode: "concise" } },
      "structured_fact_extraction.extraction_mode: ",
    ],
    [source({ type: "" }), "sources.s: type is required"],
    [source({ ...proxy, url: "" }), "sources.s: type proxy requires url"],
    [source({ ...proxy, target_bank: "" }), "sources.s: type proxy requires target_bank"],
    [source({ ...poll, driver: "gitlab" }), "sources.s: type poll requires driver"],
    [source({ ...poll, type: "api_poll", driver: "" }), "sources.s: type poll requires driver"],
    [source({ ...poll, interval_seconds: 59 }), "sources.s: type poll requires interval_seconds"],
    [
      source({ ...poll, interval_seconds: undefined }),
      "sources.s: type poll requires interval_seconds",
    ],
    [source({ ...poll, path: "owner" }), "requires path: owner/repo"],
    [source({ ...poll, path: "owner/repo/x" }), "requires path: owner/repo"],
    [source({ ...poll, target_bank: "" }), "requires target_bank or target_bank_template"],
    [source({ ...poll, auth: {} }), "requires auth.token"],
    [source({ ...stream, driver: "nats" }), "stream driver is not supported"],
    [source({ ...stream, url: "" }), "type stream requires url"],
    [source({ ...stream, topic: "" }), "type stream requires topic"],
    [source({ ...stream, consumer_group: "" }), "type stream requires consumer_group"],
    [source({ ...stream, target_bank: "" }), "requires target_bank or target_bank_template"],
    [source({ ...proxy, extraction_profile: "nope" }), "sources.s: extraction_profile is none of"],
    [tiers("a", "a"), "recall_authority.tiers: duplicate id"],
    [tiers("a", ""), "recall_authority.tiers: each tier must have a non-empty id"],
    [{ identity: { resolver: "guess" } }, "identity.resolver: expected one of"],
  ])("is refused: %j", (document, problem) => {
    expect(() => parseConfig(document, "config")).toThrow(problem);
    expect(() => parseConfig(document, "config")).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_CONFIG" }),
    );
  });

  it.each<Readonly<Record<string, unknown>>>([
    source(proxy),
    source(poll),
    source({ ...poll, target_bank: "", target_bank_template: "b-{x}" }),
    source(stream),
    source({ ...stream, driver: "Kafka" }),
    source({ ...proxy, extraction_profile: "builtin_text" }),
    { ...source({ ...proxy, extraction_profile: "mine" }), extraction_profiles: { mine: {} } },
    tiers("a", "b"),
    { recall_authority: { ...tiers("a", "a").recall_authority, enabled: false } },
  ])("is taken: %j", (document) => {
    expect(() => parseConfig(document, "config")).not.toThrow();
  });
});
