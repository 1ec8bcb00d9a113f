import type { AstrocyteConfigInput } from "astrocyte";
import { createInMemoryEngine, createScriptedLLM, type ScriptedResponse } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

async function brainOfTwo(
  responses: readonly ScriptedResponse[],
  config: AstrocyteConfigInput = {},
) {
  const llm = createScriptedLLM({ responses });
  const { brain } = createBrain({ llm, config });
  await brain.retain("Ann likes tea", { bankId: "a", context: { principal: "user:root" } });
  await brain.retain("Bob likes tea", { bankId: "b", context: { principal: "user:root" } });
  return { brain, llm };
}

describe("reflect over several banks", () => {
  it("answers in one call from the memories of all, and says of which", async () => {
    const { brain, llm } = await brainOfTwo(["Both."]);
    const result = await brain.reflect("Who likes tea?", { banks: ["a", "b"] });
    expect(result).toMatchObject({ answer: "Both.", usage: { calls: 1 } });
    expect(result.sources?.map(({ bankId }) => bankId).toSorted()).toEqual(["a", "b"]);
    expect(llm.calls).toHaveLength(1);
    const none = await brain.reflect("Who likes tea?", { banks: ["c", "d"] });
    expect(none.sources).toEqual([]);
  });

  it("reads none of them for a caller who may not read one", async () => {
    const { brain, llm } = await brainOfTwo(["?"], {
      access_control: { enabled: true, default_policy: "deny" },
      access_grants: [
        { bank_id: "a", principal: "user:ann", permissions: ["read"] },
        { bank_id: "*", principal: "user:root", permissions: ["*"] },
      ],
    });
    const context = { principal: "user:ann" };
    const asked = brain.reflect("Who likes tea?", { banks: ["a", "b"], context });
    await expect(asked).rejects.toMatchObject({ code: "ASTROCYTE_ACCESS_DENIED" });
    expect(llm.calls).toHaveLength(0);
  });

  it("counts against the rate of every bank", async () => {
    const { brain } = await brainOfTwo(["1", "2"], {
      homeostasis: { rate_limits: { reflect_per_minute: 1 } },
    });
    await brain.reflect("Who likes tea?", { banks: ["a", "b"] });
    await expect(brain.reflect("Who likes tea?", { bankId: "b" })).rejects.toMatchObject({
      code: "ASTROCYTE_RATE_LIMITED",
    });
  });

  it("joins what an engine finds, and says when that is nothing", async () => {
    const { brain } = createBrain({ engine: createInMemoryEngine() });
    await brain.retain("Ann likes tea", { bankId: "a" });
    const banks = ["a", "b"];
    expect((await brain.reflect("tea", { banks })).answer).toBe("Ann likes tea");
    expect((await brain.reflect("zzz", { banks })).answer).toBe(
      "No relevant memories found across banks.",
    );
  });
});
