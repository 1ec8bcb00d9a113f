import * as z from "zod";

/** `bankId` and `principal` are exact, or `*`. */
export const accessGrantSchema = z.object({
  bankId: z.string(),
  principal: z.string(),
  permissions: z.array(z.enum(["read", "write", "forget", "admin", "*"])),
});
export type AccessGrant = z.infer<typeof accessGrantSchema>;

export const actorIdentitySchema = z.object({
  type: z.enum(["user", "agent", "service", "team"]),
  id: z.string(),
  claims: z.record(z.string(), z.string()).optional(),
});
export type ActorIdentity = z.infer<typeof actorIdentitySchema>;

/** Who calls. `principal` is `<type>:<id>` or any text; `tenantId` is carried along for the host. */
export const astrocyteContextSchema = z.object({
  principal: z.string(),
  actor: actorIdentitySchema.optional(),
  onBehalfOf: actorIdentitySchema.optional(),
  tenantId: z.string().optional(),
});
export type AstrocyteContext = z.infer<typeof astrocyteContextSchema>;

const prefixes = ["agent", "user", "service"] as const;

/** `agent:x`, `user:x`, `service:x` by their prefix; any other text is a user of that whole name. */
export function parsePrincipal(principal: string): ActorIdentity {
  for (const type of prefixes) {
    if (principal.startsWith(`${type}:`)) return { type, id: principal.slice(type.length + 1) };
  }
  return { type: "user", id: principal };
}

export function formatActor(actor: ActorIdentity): string {
  return `${actor.type}:${actor.id}`;
}

/** Who acts: the actor, else the one whom `principal` names; nobody when that is blank. */
export function resolveActor(context: AstrocyteContext | undefined): ActorIdentity | undefined {
  if (context === undefined) return undefined;
  return (
    context.actor ?? (context.principal === "" ? undefined : parsePrincipal(context.principal))
  );
}

/** The caller as errors and audits name it: the actor, `<actor> obo <subject>`, or `anonymous`. */
export function principalLabel(context: AstrocyteContext | undefined): string {
  const actor = resolveActor(context);
  if (actor === undefined) return "anonymous";
  return context?.onBehalfOf === undefined
    ? formatActor(actor)
    : `${formatActor(actor)} obo ${formatActor(context.onBehalfOf)}`;
}
