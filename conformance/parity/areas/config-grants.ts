import { grantsOf, readConfig } from "astrocyte";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";

const inputSchema = z.object({ config: z.record(z.string(), z.unknown()) });
const agentsSchema = z.record(
  z.string(),
  z.object({ principal: z.string().optional(), permissions: z.array(z.string()).optional() }),
);
const resultSchema = z.object({
  result: z.array(z.tuple([z.string(), z.string(), z.array(z.string())])),
});

/** Principals of agents whose list of permissions is there, and empty. */
function powerlessAgents(config: Readonly<Record<string, unknown>>): string[] {
  const agents = agentsSchema.safeParse(config["agents"]);
  return Object.entries(agents.data ?? {})
    .filter(([, { permissions }]) => permissions?.length === 0)
    .map(([id, { principal = `agent:${id}` }]) => principal);
}

/** Grants that a configuration comes to. */
export const configGrants: AreaRunner = {
  area: "config_grants",
  run: async ({ category, input, expected }) => {
    if (category !== "grants")
      return new NotMapped("the stages that these flags drive are not built yet");
    const { config } = inputSchema.parse(input);
    const outcome = await outcomeOf(async () => {
      const loaded = await readConfig(config, {
        logger: { warn: () => undefined },
        environment: {},
      });
      return grantsOf(loaded.config).map(({ bankId, principal, permissions }) => [
        bankId,
        principal,
        permissions,
      ]);
    });
    const powerless = powerlessAgents(config);
    const recorded = resultSchema.safeParse(expected);
    if (powerless.length === 0 || !recorded.success) return outcome;
    const result = recorded.data.result.filter(([, principal]) => !powerless.includes(principal));
    return new Corrected(
      outcome,
      { result },
      "03 section 4: an empty list of permissions grants nothing",
    );
  },
};
