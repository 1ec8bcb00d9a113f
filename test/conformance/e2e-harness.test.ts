import { describe, expect, it } from "vitest";
import { createE2ePolicy } from "../../conformance/parity/areas/e2e-policy.js";
import { Faults } from "../../conformance/parity/areas/e2e/faults.js";
import { IdLabels } from "../../conformance/parity/areas/e2e/id-labels.js";
import { secondsBefore } from "../../conformance/parity/areas/e2e/scenario-clock.js";
import type { Setup } from "../../conformance/parity/areas/e2e/scenario.js";
import { createScriptedModel } from "../../conformance/parity/areas/e2e/scripted-model.js";
import { buildWorld, type World } from "../../conformance/parity/areas/e2e/world.js";
import { runParity, type CaseResult } from "../../conformance/parity/run-parity.js";

interface Script {
  readonly setup?: Record<string, unknown>;
  /** Steps with what the recording has for each. */
  readonly steps: readonly (readonly [step: object, row: object])[];
}

const knobs = {
  enable_multi_query_expansion: false,
  enable_observation_consolidation: false,
  enable_temporal_retrieval: false,
};
const done = { result: null };
const stored = (label: string) => ({ result: { stored: true, memory_id: label } });
const refused = (error: string, more: object = {}) => ({
  result: { stored: false, memory_id: null, error, ...more },
});
const failed = (className: string, message: string) => ({ error: { class: className, message } });
const retain = (content: string, more: object = {}) => ({
  op: "retain",
  bank_id: "b",
  content,
  ...more,
});
const recall = (query: string, more: object = {}) => ({
  op: "recall",
  bank_id: "b",
  query,
  ...more,
});
const step = (op: string, more: object = {}) => ({ op, same_time: false, ...more });
const listed = { op: "vectors", bank_id: "b" };
const item = (id: string, text: string) => ({ id, text, fact_type: "world" });
const breaker = { circuit_breaker: { failure_threshold: 2, recovery_timeout_seconds: 300 } };

async function replayed(
  { setup = {}, steps }: Script,
  createWorld?: (setup: Setup) => Promise<World>,
): Promise<CaseResult | undefined> {
  const parityCase = {
    id: "e2e_policy/made-up",
    category: "made-up",
    input: {
      setup: { backend: "pipeline", pipeline: knobs, ...setup },
      steps: steps.map(([own]) => own),
    },
    expected: { steps: steps.map(([, row]) => row) },
  };
  const files = [{ area: "e2e_policy", cases: [parityCase] }];
  return (await runParity(files, [createE2ePolicy(createWorld)], {}, {}))[0];
}

/** A subject that was set up with other settings than the script says. */
const configured = (config: Setup["config"]) => (setup: Setup) => buildWorld({ ...setup, config });

const reach = "Reach bob@example.com today";
const quiet = "Nothing secret here today";
const trace = {
  fusion_method: "rrf",
  strategies_used: ["semantic"],
  strategy_candidate_counts: { semantic: 2 },
  total_candidates: 2,
};

const scripts: Record<
  string,
  Script & { status: string; broken: (setup: Setup) => Promise<World> }
> = {
  "personal data that is stored": {
    status: "passed",
    steps: [
      [retain("Mail bob@example.com"), stored("m1")],
      [listed, { result: [item("m1", "Mail [EMAIL_REDACTED]")] }],
    ],
    broken: configured({ barriers: { pii: { mode: "disabled" } } }),
  },
  "a limit that is not kept": {
    status: "passed",
    setup: { config: { homeostasis: { rate_limits: { retain_per_minute: 2 } } } },
    steps: [
      [retain("one"), stored("m1")],
      [retain("two", { same_time: true }), stored("m2")],
      [
        retain("three", { same_time: true }),
        failed("RateLimited", "Rate limited: retain on bank 'b' (retry after 30.0s)"),
      ],
    ],
    broken: configured({}),
  },
  "a clock that stands still": {
    status: "passed",
    setup: { config: { homeostasis: { rate_limits: { retain_per_minute: 1 } } } },
    steps: [
      [retain("one"), stored("m1")],
      [retain("two"), stored("m2")],
    ],
    broken: async (setup) => {
      const world = await buildWorld(setup);
      world.clock.advance = () => undefined;
      return world;
    },
  },
  "a caller who is let in": {
    status: "passed",
    setup: { config: { access_control: { enabled: true, default_policy: "deny" } }, grants: [] },
    steps: [
      [
        retain("mine", { context: "user:mallory" }),
        failed("AccessDenied", "Principal 'user:mallory' denied 'write' on bank 'b'"),
      ],
    ],
    broken: configured({}),
  },
  "a circuit that stays closed": {
    status: "passed",
    setup: { config: { escalation: breaker } },
    steps: [
      [{ op: "fail", target: "vector.store_vectors", error: "RuntimeError" }, done],
      [retain("one"), failed("RuntimeError", "boom")],
      [retain("two"), failed("RuntimeError", "boom")],
      [retain("three"), refused("Provider unavailable (degraded mode)")],
      [{ op: "repair", target: "vector.store_vectors" }, done],
      [{ op: "advance", seconds: 300 }, done],
      [retain("four"), stored("m1")],
    ],
    broken: configured({}),
  },
  "a provider that never fails": {
    status: "passed",
    steps: [
      [{ op: "fail", target: "llm.embed", error: "RuntimeError" }, done],
      [retain("one"), failed("RuntimeError", "boom")],
    ],
    broken: async (setup) => {
      const world = await buildWorld(setup);
      world.faults.fail = () => undefined;
      return world;
    },
  },
  "a hold that holds nothing": {
    status: "passed",
    steps: [
      [retain("evidence"), stored("m1")],
      [
        { op: "set_legal_hold", bank_id: "b", hold_id: "h", reason: "case" },
        { result: { bank_id: "b", hold_id: "h", reason: "case", set_by: "user:api" } },
      ],
      [
        { op: "forget", bank_id: "b", memory_ids: ["m1"] },
        failed("LegalHoldActive", "Bank 'b' is under legal hold 'h'"),
      ],
    ],
    broken: async (setup) => {
      const world = await buildWorld(setup);
      Object.defineProperty(world.brain, "setLegalHold", {
        value: () => ({ bankId: "b", holdId: "h", reason: "case", setBy: "user:api" }),
      });
      return world;
    },
  },
  "a hook that is not called": {
    status: "passed",
    setup: { hooks: ["on_retain"] },
    steps: [
      [
        retain("four"),
        {
          ...stored("m1"),
          events: [
            { type: "on_retain", bank_id: "b", data: { memory_id: "m1", content_length: 4 } },
          ],
        },
      ],
    ],
    broken: (setup) => buildWorld({ ...setup, hooks: [] }),
  },
  "scores of another fusion": {
    status: "passed",
    steps: [
      [retain("a plain note"), stored("m1")],
      [
        recall("note"),
        {
          result: {
            hits: [{ ...item("m1", "a plain note"), bank_id: "b", score: 0.066393443 }],
            total_available: 1,
            top_semantic_score: 0.577350269,
            truncated: false,
            trace: { ...trace, strategy_candidate_counts: { semantic: 1 }, total_candidates: 1 },
          },
        },
      ],
    ],
    broken: (setup) => buildWorld({ ...setup, pipeline: { ...knobs, rrf_k: 10 } }),
  },
  "an answer that was not asked of the model": {
    status: "passed",
    setup: { llm: { scripts: { synthesis: ["as told"] } } },
    steps: [
      [retain("a note"), stored("m1")],
      [
        { op: "reflect", bank_id: "b", query: "note" },
        { result: { answer: "as told", sources: ["m1"] }, llm_calls: { synthesis: 1 } },
      ],
    ],
    broken: (setup) => buildWorld({ ...setup, llm: undefined }),
  },
  "output that is not scanned, with weights by intent": {
    status: "corrected",
    setup: {
      config: {
        barriers: { pii: { action: "warn" } },
        dlp: { scan_recall_output: true, output_pii_action: "redact" },
      },
    },
    steps: [
      [retain(reach), stored("m1")],
      [retain(quiet), stored("m2")],
      [
        recall("today"),
        {
          result: {
            hits: [
              {
                ...item("m1", "Reach [EMAIL_REDACTED] today"),
                bank_id: "b",
                score: 0.064754098,
              },
              { ...item("m2", quiet), bank_id: "b", score: 0.064516129 },
            ],
            total_available: 2,
            truncated: false,
            trace,
          },
        },
      ],
    ],
    broken: configured({ barriers: { pii: { action: "warn" } } }),
  },
  "a rejection that no hook hears of": {
    status: "corrected",
    setup: {
      config: { barriers: { pii: { action: "reject" } } },
      hooks: ["on_pii_detected"],
    },
    steps: [
      [
        retain("Mail bob@example.com"),
        { ...failed("PiiRejected", "Content rejected: PII detected (email)"), events: [] },
      ],
    ],
    broken: (setup) => buildWorld({ ...setup, hooks: [] }),
  },
  "a PII mode that does not ask its model": {
    status: "corrected",
    setup: {
      config: { barriers: { pii: { mode: "llm" } } },
      llm: { scripts: { pii: ['[{"type":"name","text":"Bob","start":5,"end":8}]'] } },
    },
    steps: [
      [retain("Mail Bob at bob@example.com"), stored("m1")],
      [listed, { result: [item("m1", "Mail Bob at [EMAIL_REDACTED]")] }],
    ],
    broken: configured({}),
  },
  "a reflect that hides an outage in mode error": {
    status: "corrected",
    setup: { config: { escalation: { ...breaker, degraded_mode: "error" } } },
    steps: [
      [{ op: "fail", target: "llm.embed", error: "ProviderUnavailable" }, done],
      [
        { op: "reflect", bank_id: "b", query: "q" },
        { result: { answer: "Memory unavailable", sources: [] } },
      ],
    ],
    broken: configured({ escalation: breaker }),
  },
  "outages that do not count": {
    status: "corrected",
    setup: { config: { escalation: breaker } },
    steps: [
      [{ op: "fail", target: "llm.embed", error: "ProviderUnavailable" }, done],
      [retain("one"), refused("Provider unavailable (degraded mode)")],
      [retain("two"), refused("Provider unavailable (degraded mode)")],
      [{ op: "repair", target: "llm.embed" }, done],
      [retain("three"), stored("m1")],
    ],
    broken: configured({}),
  },
  "a circuit that does not open": {
    status: "passed",
    setup: { config: { escalation: breaker } },
    steps: [
      [retain("a note"), stored("m1")],
      [{ op: "fail", target: "llm.complete", error: "RuntimeError" }, done],
      [{ op: "reflect", bank_id: "b", query: "note" }, failed("RuntimeError", "boom")],
      [{ op: "reflect", bank_id: "b", query: "note" }, failed("RuntimeError", "boom")],
      [retain("another"), refused("Provider unavailable (degraded mode)")],
    ],
    broken: async (setup) => {
      const world = await buildWorld(setup);
      world.faults.fail = () => undefined;
      return world;
    },
  },
  "an open bank that anyone may empty": {
    status: "corrected",
    setup: { config: { access_control: { enabled: true, default_policy: "open" } } },
    steps: [
      [retain("ours", { context: "user:alice" }), stored("m1")],
      [
        { op: "forget", bank_id: "b", memory_ids: ["m1"], context: "user:mallory" },
        { result: { deleted_count: 1, archived_count: 0 } },
      ],
    ],
    broken: configured({}),
  },
  "a list of blocked keys that is not read": {
    status: "corrected",
    setup: { config: { barriers: { metadata: { blocked_keys: ["MINE"] } } } },
    steps: [
      [retain("x", { metadata: { mine: 1, api_key: "k" } }), stored("m1")],
      [listed, { result: [{ ...item("m1", "x"), metadata: { mine: 1, api_key: "k" } }] }],
    ],
    broken: configured({}),
  },
  "nested metadata that is cut down in silence": {
    status: "corrected",
    steps: [
      [retain("x", { metadata: { ok: 1, nested: { a: 1 }, token: "t" } }), stored("m1")],
      [listed, { result: [{ ...item("m1", "x"), metadata: { ok: 1, nested: { a: 1 } } }] }],
    ],
    broken: async (setup) => {
      const world = await buildWorld(setup);
      const own = world.brain.retain.bind(world.brain);
      Object.defineProperty(world.brain, "retain", {
        value: (content: string, options: Parameters<typeof own>[1]) =>
          own(content, { ...options, metadata: { ok: 1 } }),
      });
      return world;
    },
  },
};

describe("a replayed script", () => {
  it.each(Object.entries(scripts))("catches %s", async (_what, { status, broken, ...script }) => {
    expect(await replayed(script)).toMatchObject({ status });
    expect(await replayed(script, broken)).toMatchObject({ status: "failed" });
  });

  const several = [{ op: "audit", bank_id: "b", scope: "note" }, { result: { gaps: [] } }] as const;

  it("leaves out a read without a counterpart, and still compares the other steps", async () => {
    const agreeing: Script = { steps: [[retain("a note"), stored("m1")], several] };
    expect(await replayed(agreeing)).toMatchObject({
      status: "not mapped",
      detail: "no counterpart yet of: audit",
    });
    const differing: Script = { steps: [[retain("a note"), stored("m2")], several] };
    expect(await replayed(differing)).toMatchObject({ status: "failed" });
  });

  it("ends at a change that has no counterpart", async () => {
    const script: Script = {
      steps: [
        [retain("a note"), stored("m1")],
        [{ op: "run_lifecycle", bank_id: "b" }, done],
        [listed, { result: [] }],
      ],
    };
    expect(await replayed(script)).toMatchObject({
      status: "not mapped",
      detail: "no counterpart yet of: run_lifecycle",
    });
  });

  it.each([
    ["rules of MIP", { mip_yaml: "rules: []" }],
    ["a store that nothing fills", { stores: ["wiki"] }],
    ["a stage that is not built", { config: { tiered_retrieval: { enabled: true } } }],
    ["a knob that is not known", { pipeline: { ...knobs, wiki_tier: true } }],
    ["parts that are not known", { weather: "rain" }],
  ])("does not take a setup with %s", async (_what, setup) => {
    expect(await replayed({ setup, steps: [] })).toMatchObject({ status: "not mapped" });
  });
});

describe("the parts of the harness", () => {
  it("moves the clock a minute before every step but the first", () => {
    expect(secondsBefore(step("retain"), 0)).toBe(0);
    expect(secondsBefore(step("retain"), 1)).toBe(60);
    expect(secondsBefore(step("retain", { same_time: true }), 1)).toBe(0);
    expect(secondsBefore(step("advance", { days: 2, seconds: 5 }), 1)).toBe(172_805);
  });

  it("names ids in the order of storing", () => {
    const labels = new IdLabels();
    labels.note(["z", "a", "z"]);
    expect([labels.labelOf("z"), labels.labelOf("a"), labels.labelOf("?")]).toEqual([
      "m1",
      "m2",
      "?",
    ]);
    expect(labels.idOf("m2")).toBe("a");
    expect(labels.fill("{{m1}} and {{m9}}")).toBe("z and m9");
  });

  it("fails a method until it is repaired", async () => {
    const faults = new Faults();
    const provider = faults.wrap("vector", { storeVectors: async () => "stored" });
    faults.fail("vector.store_vectors", "RuntimeError");
    await expect(provider.storeVectors()).rejects.toMatchObject({
      name: "RuntimeError",
      message: "boom",
    });
    faults.repair("vector.store_vectors");
    await expect(provider.storeVectors()).resolves.toBe("stored");
  });

  it("answers from its scripts in turn, then with the last for ever, and counts by purpose", async () => {
    const scripted = { scripts: { synthesis: ["one", "two {{m1}}"] } };
    const labels = new IdLabels();
    labels.note(["id-1"]);
    const model = createScriptedModel(scripted, labels);
    const ask = async (content: string) => (await model.complete([{ role: "user", content }])).text;
    const question = "<memories>\n[Memory 1]: x\n</memories>\n<query>x</query>";
    expect([await ask(question), await ask(question), await ask(question)]).toEqual([
      "one",
      "two id-1",
      "two id-1",
    ]);
    expect(await ask("hello")).toBe("Mock LLM response");
    expect(model.takeCalls()).toEqual({ synthesis: 3, other: 1 });
    expect(model.takeCalls()).toEqual({});
  });
});
