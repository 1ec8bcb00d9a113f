import type { MentalModel } from "../dto/mental-model.js";
import { InvalidArgumentError } from "../errors.js";
import { assertOptions } from "../requests.js";
import type {
  CreateDirectiveOptions,
  ListDirectivesOptions,
  ModelOptions,
} from "./model-options.js";
import type { MentalModels } from "./mental-models.js";

const directiveKind = "directive";

/**
 * Rules that an agent should follow in a bank, kept as mental models of the kind `directive` with one section, `rule`. They are
 * stored and listed; no prompt of this library contains them. Permissions, limits and errors are those of
 * {@link MentalModels}.
 */
export class Directives {
  readonly #models: MentalModels;
  readonly #createId: () => string;

  /** Internal: a brain makes its own. */
  constructor(models: MentalModels, createId: () => string) {
    this.#models = models;
    this.#createId = createId;
  }

  /** Stores a rule; one of the same id becomes its next revision. @throws InvalidArgumentError for a blank rule. */
  async create(ruleText: string, options: CreateDirectiveOptions): Promise<MentalModel> {
    const { directiveId, ...rest } = assertOptions("directives.create", options);
    if (typeof ruleText !== "string" || ruleText.trim() === "") {
      throw new InvalidArgumentError("directives.create: expected a rule that is not blank");
    }
    const id = directiveId ?? `directive:${this.#createId().slice(-12)}`;
    const text = ruleText.trim();
    return this.#models.upsert(id, {
      ...rest,
      title: "Directive",
      kind: directiveKind,
      sections: [{ id: "rule", heading: "Rule", level: 2, blocks: [{ type: "paragraph", text }] }],
    });
  }

  /** In the order of their ids. */
  async list(options: ListDirectivesOptions): Promise<MentalModel[]> {
    return this.#models.list({ ...assertOptions("directives.list", options), kind: directiveKind });
  }

  /** @returns Whether there was such a directive. */
  async delete(directiveId: string, options: ModelOptions): Promise<boolean> {
    return this.#models.delete(directiveId, assertOptions("directives.delete", options));
  }
}
