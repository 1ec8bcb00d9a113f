import { RecallCache } from "astrocyte/pipeline";
import { FakeClock } from "astrocyte/testing";
import { Corrected, NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";
import { cacheScript, expectCache, type CacheScript } from "./recall/expect-cache.js";

const scope = "";

function replay({ config, steps }: CacheScript): unknown {
  const clock = new FakeClock();
  const cache = new RecallCache<unknown>({
    clock,
    similarityThreshold: config.similarity_threshold,
    maxEntries: config.max_entries,
    timeToLiveMs: config.ttl_seconds * 1000,
  });
  const rows = steps.map(({ op, bank, t, vector, value }) => {
    clock.advance(t * 1000 - clock.monotonic());
    const key = { bankId: bank ?? "", scope };
    switch (op) {
      case "put":
        cache.put(key, vector, value);
        return {};
      case "get":
        return { value: cache.get(key, vector) ?? null };
      case "invalidate":
        cache.invalidate(key.bankId);
        return {};
      case "invalidate_all":
        cache.clear();
        return {};
      case "size":
        return { size: cache.size(bank) };
      default:
        return op satisfies never;
    }
  });
  return { steps: rows };
}

async function run(input: unknown): Promise<unknown> {
  const script = cacheScript.parse(input);
  const { similarity_threshold: threshold, max_entries: cap, ttl_seconds: ttl } = script.config;
  if (!(threshold > 0 && threshold <= 1 && cap >= 0 && ttl > 0)) {
    return new Corrected(
      await outcomeOf(() => replay(script)),
      { error: { class: "ConfigError" } },
      "03: an impossible setting is refused",
    );
  }
  const { steps, reasons } = expectCache(script);
  const actual = replay(script);
  return reasons.size === 0 ? actual : new Corrected(actual, { steps }, [...reasons].join("; "));
}

/** The cache of recalls by the vector of the query. */
export const recallCache: AreaRunner = {
  area: "recall_cache",
  run: ({ category, input }) =>
    category === "cache"
      ? run(input)
      : new NotMapped("05 section 11: the tiers that answer from recent text are left for later"),
};
