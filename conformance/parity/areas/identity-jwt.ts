import { actorIdentitySchema, astrocyteContextSchema, toWire } from "astrocyte";
import { bankIdOf, bearerToken, classifyClaims, resolveIdentity } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";

const headersSchema = z
  .record(z.string(), z.string())
  .nullish()
  .transform((headers) => headers ?? {});
const bankInput = z.object({
  identity: actorIdentitySchema,
  user_bank_prefix: z.string().optional(),
  service_bank_prefix: z.string().optional(),
});
const middlewareInput = z.object({
  config: z.object({ allow_anonymous: z.boolean(), fail_closed: z.boolean() }).partial(),
  decoder: z.record(z.string(), z.unknown()),
  headers: headersSchema,
});

async function runMiddleware(input: unknown): Promise<unknown> {
  const { config, decoder, headers } = middlewareInput.parse(input);
  const { allow_anonymous: allowAnonymous = false, fail_closed: failClosed = true } = config;
  const outcome = await outcomeOf(async () => {
    const context = await resolveIdentity({
      headers,
      allowAnonymous,
      failClosed,
      decoder: (token) => {
        const claims = Object.hasOwn(decoder, token) ? decoder[token] : "raises";
        if (claims === "raises") throw new Error("sig");
        return claims;
      },
    });
    return toWire(astrocyteContextSchema, context);
  });
  const hasToken = Object.entries(headers).some(
    ([name, value]) => /^authorization$/i.test(name) && /^\s*bearer\s+\S/i.test(value),
  );
  // The reference is anonymous where either setting would have it.
  return !hasToken && allowAnonymous === failClosed
    ? new Corrected(
        outcome,
        { error: { class: "AuthorizationError" } },
        "04 section 13: anonymous needs allow_anonymous, which fail_closed overrules",
      )
    : outcome;
}

/** Identity from the claims of a token, and from the headers of a request. */
export const identityJwt: AreaRunner = {
  area: "identity_jwt",
  run: ({ category, input }) => {
    switch (category) {
      case "classify":
        return outcomeOf(() => classifyClaims(input["claims"]));
      case "bank": {
        const {
          identity,
          user_bank_prefix: user,
          service_bank_prefix: service,
        } = bankInput.parse(input);
        return outcomeOf(() => bankIdOf(identity, { user, service }));
      }
      case "bearer": {
        const { headers } = z.object({ headers: headersSchema }).parse(input);
        return { token: bearerToken(headers) };
      }
      case "middleware":
        return runMiddleware(input);
      default:
        return new NotMapped(`no counterpart of ${category}`);
    }
  },
};
