import { reciprocalRankFusion } from "astrocyte/pipeline";
import * as z from "zod";
import { NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";

const itemSchema = z.looseObject({ id: z.string(), score: z.number() });
const plainInput = z.object({ lists: z.array(z.array(itemSchema)), k: z.number().optional() });
const weightedInput = z.object({
  lists: z.array(z.object({ items: z.array(itemSchema), weight: z.number() })),
  k: z.number().optional(),
});

type Lists = Parameters<typeof reciprocalRankFusion<z.infer<typeof itemSchema>>>[0];

function fuse(lists: Lists, k: number | undefined): unknown {
  return {
    items: reciprocalRankFusion(lists, k).map(({ item, fusedScore }) => ({
      text: `text of ${item.id}`,
      ...item,
      score: fusedScore,
    })),
  };
}

/** Fusion by reciprocal rank, plain and weighted. */
export const fusion: AreaRunner = {
  area: "fusion",
  run: ({ fn = "this function", input }) => {
    switch (fn) {
      case "rrf_fusion": {
        const { lists, k } = plainInput.parse(input);
        return fuse(
          lists.map((items, index) => ({ name: String(index), items })),
          k,
        );
      }
      case "weighted_rrf_fusion": {
        const { lists, k } = weightedInput.parse(input);
        return outcomeOf(() =>
          fuse(
            lists.map((list, index) => ({ name: String(index), ...list })),
            k,
          ),
        );
      }
      default:
        return new NotMapped(`no counterpart of ${fn}`);
    }
  },
};
