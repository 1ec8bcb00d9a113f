import {
  accessGrantSchema,
  assertBankId,
  formatActor,
  parsePrincipal,
  parseShape,
  principalLabel,
  resolveActor,
} from "astrocyte";
import { retainInputError } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";
import { runCheckAccess } from "./access-control/check-access.js";
import {
  runEffective,
  runReadable,
  runResolveBanks,
  runResolver,
} from "./access-control/readable-banks.js";

function runPrincipal(input: unknown): unknown {
  const { principal } = z.object({ principal: z.string() }).parse(input);
  const actor = parsePrincipal(principal);
  return {
    actor,
    formatted: formatActor(actor),
    label: principalLabel({ principal }),
    resolved: resolveActor({ principal }),
  };
}

async function runBankId(input: unknown): Promise<unknown> {
  const { bank_id: bankId } = z.object({ bank_id: z.unknown() }).parse(input);
  const outcome = await outcomeOf(() => {
    assertBankId(bankId);
  });
  return typeof bankId === "string" && bankId.endsWith("\n")
    ? new Corrected(
        outcome,
        { error: { class: "ConfigError" } },
        "D-05: a trailing newline is refused",
      )
    : outcome;
}

function runGrantType(input: unknown): unknown {
  const { permissions } = z.object({ permissions: z.unknown() }).parse(input);
  return outcomeOf(() => {
    parseShape(accessGrantSchema, { bankId: "b", principal: "user:a", permissions }, "grant");
    return true;
  });
}

const retainInput = z.object({
  content: z.string(),
  n_tags: z.int(),
  config: z.object({
    homeostasis: z.object({ retain_max_content_bytes: z.int().nullish() }).prefault({}),
  }),
});

function runRetainInput(given: unknown): unknown {
  const { content, n_tags: tagCount, config } = retainInput.parse(given);
  const limit = config.homeostasis.retain_max_content_bytes ?? undefined;
  const tags = Array.from({ length: tagCount }, (_, index) => `t${index}`);
  const message = retainInputError({ content, tags }, { maxContentBytes: limit });
  if (limit !== 0 || content === "") return { error: null, message };
  const { length } = new TextEncoder().encode(content);
  return new Corrected(
    message,
    `Content exceeds maximum size (${length} > 0 bytes)`,
    "04 section 1: a limit of 0 bytes is a limit",
  );
}

/** Principals, grants, who may do what, which banks a caller reads, and the limits of a retain. */
export const accessControl: AreaRunner = {
  area: "access_control",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "check_access":
        return runCheckAccess(input, expected);
      case "principal":
        return runPrincipal(input);
      case "effective":
        return runEffective(input);
      case "readable":
        return runReadable(input);
      case "resolver":
        return runResolver(input);
      case "resolve_banks":
        return runResolveBanks(input);
      case "bank_id":
        return runBankId(input);
      case "grant_type":
        return runGrantType(input);
      case "retain_input":
        return runRetainInput(input);
      default:
        return new NotMapped(`no counterpart of ${category}`);
    }
  },
};
