import { AccessDeniedError } from "astrocyte";
import { AccessPolicy, type DefaultAccessPolicy, type Permission } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, outcomeOf, Projection } from "../../area-runner.js";
import {
  recordedContextSchema,
  recordedGrantsSchema,
  toContext,
  toGrants,
} from "./access-input.js";
import { differenceOf, expectAllowed, hasUnknownActor } from "./expect-access.js";

const text = <Text extends string>() => z.custom<Text>((value) => typeof value === "string");
const checkInput = z.object({
  enabled: z.boolean(),
  default_policy: text<DefaultAccessPolicy>(),
  grants: recordedGrantsSchema,
  context: recordedContextSchema,
  bank_id: z.string(),
  permission: text<Permission>(),
});
const recordedAnswer = z.object({
  allowed: z.boolean(),
  principal: z.string().optional(),
  message: z.string().optional(),
});

function check(input: z.infer<typeof checkInput>): z.infer<typeof recordedAnswer> {
  const policy = new AccessPolicy({
    enabled: input.enabled,
    defaultPolicy: input.default_policy,
    grants: toGrants(input.grants),
  });
  try {
    policy.check(toContext(input.context), input.bank_id, input.permission);
    return { allowed: true };
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    return { allowed: false, principal: error.principal, message: error.message };
  }
}

/** One question to the policy; a denial also by its label and message. */
export async function runCheckAccess(given: unknown, expected: unknown): Promise<unknown> {
  const input = checkInput.parse(given);
  const outcome = await outcomeOf(() => check(input));
  if (hasUnknownActor(input.context)) {
    return new Corrected(
      outcome,
      { error: { class: "ValueError" } },
      "01: an actor is a user, agent, service or team",
    );
  }
  const recorded = recordedAnswer.parse(expected);
  const allowed = expectAllowed(input);
  const difference = differenceOf(input.grants, input.context, input.default_policy);
  if (difference === undefined || allowed === recorded.allowed) {
    return new Projection(outcome, { result: recorded });
  }
  const answered = "result" in outcome ? recordedAnswer.parse(outcome.result).allowed : outcome;
  return new Corrected(answered, allowed, difference);
}
