import * as z from "zod";
import { recordedContextSchema } from "../../access-control/access-input.js";
import { expectAllowed } from "../../access-control/expect-access.js";
import type { ReplayedStep } from "../replay.js";
import type { Scenario, Step } from "../scenario.js";
import { settingOf } from "./settings.js";

const grantsSchema = z.array(
  z.object({ bank_id: z.string(), principal: z.string(), permissions: z.array(z.string()) }),
);
const policySchema = z.string().default("owner_only");
const contextSchema = z
  .union([z.string().transform((principal) => ({ principal })), recordedContextSchema])
  .default(null);

function permissionsOf({ op, scope, compliance, permission }: Step): string[] {
  switch (op) {
    case "retain":
      return ["write"];
    case "recall":
    case "reflect":
      return ["read"];
    case "forget":
      return [scope === "all" ? "admin" : "forget", ...(compliance === true ? ["admin"] : [])];
    case "clear_bank":
    case "set_legal_hold":
    case "release_legal_hold":
      return ["admin"];
    case "check_access":
      return [String(permission)];
    default:
      return [];
  }
}

/** The banks that a step names; none when they are to be found. */
function banksOf({ banks, bank_id: bankId }: Step): string[] {
  const several = z.array(z.string()).safeParse(banks);
  if (several.success && several.data.length > 0) return several.data;
  return typeof bankId === "string" ? [bankId] : [];
}

/** Whether each step is allowed; undefined for steps that need no permission, or were refused for another reason first. */
export function accessDue(
  scenario: Scenario,
  steps: readonly ReplayedStep[],
): (boolean | undefined)[] {
  const listed = scenario.setup.grants ?? settingOf(scenario, "access_grants") ?? [];
  const grants = grantsSchema
    .parse(listed)
    .map(({ bank_id: bankId, principal, permissions }): [string, string, string[]] => [
      bankId,
      principal,
      permissions,
    ]);
  const enabled = settingOf(scenario, "access_control.enabled") === true;
  const policy = policySchema.parse(settingOf(scenario, "access_control.default_policy"));
  return steps.map(({ step, recorded, actual }) => {
    const permissions = permissionsOf(step);
    const isRefusedOtherwise =
      recorded.error !== undefined && recorded.error.class !== "AccessDenied";
    const banks = banksOf(step);
    if (!enabled || permissions.length === 0 || isRefusedOtherwise || actual === undefined) {
      return undefined;
    }
    if (banks.length === 0) return undefined;
    const wanted = banks.flatMap((bankId) =>
      permissions.map((permission) => ({ bankId, permission })),
    );
    return wanted.every(({ bankId, permission }) =>
      expectAllowed({
        enabled,
        default_policy: policy,
        grants,
        context: contextSchema.parse(step["context"] ?? step["set_by"]),
        bank_id: bankId,
        permission,
      }),
    );
  });
}
