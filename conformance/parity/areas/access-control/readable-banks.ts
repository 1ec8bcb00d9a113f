import { actorIdentitySchema, fromWire, resolveActor } from "astrocyte";
import { AccessPolicy, defaultBankId, resolveReadBanks } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, outcomeOf } from "../../area-runner.js";
import {
  recordedContextSchema,
  recordedGrantsSchema,
  toContext,
  toGrants,
} from "./access-input.js";
import { differenceOf, expectPermissions, isBlankCaller } from "./expect-access.js";

const effectiveInput = z.object({
  bank_id: z.string(),
  context: recordedContextSchema,
  grants: recordedGrantsSchema,
});
const readableInput = z.object({
  context: recordedContextSchema,
  grants: recordedGrantsSchema,
  known_bank_ids: z.array(z.string()).nullable(),
  resolver: z.boolean(),
});
const resolverInput = z.object({ actor: z.object({ type: z.string(), id: z.string() }) });
const resolveInput = z.object({
  bank_id: z.string().nullable(),
  banks: z.array(z.string()).nullable(),
  context: recordedContextSchema,
  grants: recordedGrantsSchema,
  config: z.object({
    identity: z.object({ auto_resolve_banks: z.boolean().default(false) }).prefault({}),
    banks: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export function runEffective(input: unknown): unknown {
  const { bank_id: bankId, context, grants } = effectiveInput.parse(input);
  const policy = new AccessPolicy({ enabled: true, grants: toGrants(grants) });
  const actual = policy.permissions(toContext(context), bankId).toSorted();
  const difference = differenceOf(grants, context);
  return difference === undefined
    ? { permissions: actual }
    : new Corrected(actual, expectPermissions(context, grants, bankId), difference);
}

export function runReadable(input: unknown): unknown {
  const { context, grants, known_bank_ids: known, resolver } = readableInput.parse(input);
  const policy = new AccessPolicy({ enabled: true, grants: toGrants(grants) });
  const caller = toContext(context);
  const actor = resolveActor(caller);
  const fallback = resolver && actor !== undefined ? defaultBankId(actor) : undefined;
  const banks = policy.readableBanks(caller, known ?? [], fallback);
  const difference = differenceOf(grants, context);
  if (difference === undefined) return { banks };
  const named = grants.map(([bank]) => bank).filter((bank) => bank !== "*");
  const all = new Set([...named, ...(known ?? [])]);
  if (all.size === 0 && fallback !== undefined) all.add(fallback);
  const expected = [...all].filter((bank) =>
    expectPermissions(context, grants, bank).includes("read"),
  );
  return new Corrected(banks, expected.toSorted(), difference);
}

export async function runResolver(input: unknown): Promise<unknown> {
  const { actor } = resolverInput.parse(input);
  const outcome = await outcomeOf(() => defaultBankId(fromWire(actorIdentitySchema, actor)));
  if (["user", "agent", "service", "team"].includes(actor.type)) {
    return "result" in outcome ? { bank_id: outcome.result } : outcome;
  }
  return new Corrected(
    outcome,
    { error: { class: "ValueError" } },
    "01: an actor is a user, agent, service or team",
  );
}

export async function runResolveBanks(input: unknown): Promise<unknown> {
  const { bank_id: bankId, banks, context, grants, config } = resolveInput.parse(input);
  const outcome = await outcomeOf(() =>
    resolveReadBanks({
      bankId: bankId ?? undefined,
      banks: banks ?? undefined,
      context: toContext(context),
      access: new AccessPolicy({ enabled: false, grants: toGrants(grants) }),
      autoResolve: config.identity.auto_resolve_banks,
      knownBankIds: Object.keys(config.banks ?? {}),
    }),
  );
  const isNamed = bankId !== null || (banks ?? []).length > 0;
  return isNamed || !isBlankCaller(context)
    ? outcome
    : new Corrected(
        outcome,
        { error: { class: "ConfigError" } },
        "04 section 8: a caller without a visible id has no grants",
      );
}
