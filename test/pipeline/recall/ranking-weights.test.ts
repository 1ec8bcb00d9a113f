import { Astrocyte, InvalidArgumentError, type PipelineOptions } from "astrocyte";
import { createInMemoryVectorStore } from "astrocyte/testing";
import { describe, expect, it } from "vitest";

const bankId = "b";

async function firstHit(rankingWeights: PipelineOptions["rankingWeights"]): Promise<string> {
  const brain = new Astrocyte({
    vectorStore: createInMemoryVectorStore(),
    pipeline: rankingWeights === undefined ? {} : { rankingWeights },
    logger: { warn: () => undefined },
  });
  await brain.retainMany(
    [
      "Ana: I ran a marathon in the rain.",
      "Ben: The marathon, the marathon, always the marathon!",
    ].map((content, at) => ({ content, metadata: { session_id: String(at) } })),
    { bankId },
  );
  const { hits } = await brain.recall("Did Ana run a marathon?", { bankId });
  return hits[0]?.text.slice(0, 3) ?? "";
}

function open(rankingWeights: object) {
  return () =>
    new Astrocyte({ vectorStore: createInMemoryVectorStore(), pipeline: { rankingWeights } });
}

describe("the weights of the ranking", () => {
  it("count as they are given; those that are not given keep theirs", async () => {
    expect(await firstHit({ speaker: 30 })).toBe("Ana");
    expect(await firstHit({ speaker: -30 })).toBe("Ben");
    expect(await firstHit({})).toBe(await firstHit(undefined));
  });

  it("are refused by name when unknown or no number", () => {
    expect(open({ colour: 1 })).toThrow(/rankingWeights/);
    expect(open({ words: Number.NaN })).toThrow(InvalidArgumentError);
    expect(open({ words: undefined })).toThrow(InvalidArgumentError);
  });
});
