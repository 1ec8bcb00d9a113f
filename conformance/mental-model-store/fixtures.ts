import type { MentalModel, MentalModelDraftInput } from "astrocyte";

export const bankId = "bank";

/** A model of this id with a content of two sections: `overview` and `a`. */
export function draft(
  modelId: string,
  fields: Partial<MentalModelDraftInput> = {},
): MentalModelDraftInput {
  return { modelId, title: `title of ${modelId}`, content: "intro\n\n## A\n\n- x", ...fields };
}

/** What a store gives to a model itself is left out. */
export function storedPart(model: MentalModel | undefined): unknown {
  if (model === undefined) return undefined;
  const { refreshedAt: _time, ...rest } = model;
  return rest;
}

export function append(sectionId: string, text: string) {
  return { op: "append_block", section_id: sectionId, block: { type: "paragraph", text } };
}
