import { abortable } from "../internal/abortable.js";
import { assertDeletable } from "../policy/legal-hold.js";
import { permissionOf } from "../policy/permissions.js";
import type { MentalModelStore } from "../spi/mental-model-store.js";
import { takeTokens, type GovernedCall } from "./call-scope.js";
import type { Governance } from "./governance.js";

/** Works with the store of mental models, which stands behind its circuit breaker. */
export type UseModels<Result> = (store: MentalModelStore) => Promise<Result>;

async function useGuarded<Result>(
  { guard }: Governance,
  store: MentalModelStore,
  { signal }: GovernedCall,
  use: UseModels<Result>,
): Promise<Result> {
  const operation = guard.begin(signal);
  try {
    return await abortable(signal, () => use(operation.wrap(store, store.name)));
  } finally {
    operation.settle();
  }
}

/** @throws AccessDeniedError without the permission `read`. */
export async function governModelRead<Result>(
  governance: Governance,
  store: MentalModelStore,
  call: GovernedCall,
  use: UseModels<Result>,
): Promise<Result> {
  governance.access.check(call.context, call.bankId, permissionOf("listMentalModels"));
  return useGuarded(governance, store, call, use);
}

/**
 * Writes through access and the rate limit of retains; the daily quota counts memories only.
 *
 * @throws AccessDeniedError without the permission `write`; RateLimitedError.
 */
export async function governModelWrite<Result>(
  governance: Governance,
  store: MentalModelStore,
  call: GovernedCall,
  use: UseModels<Result>,
): Promise<Result> {
  governance.access.check(call.context, call.bankId, permissionOf("createMentalModel"));
  await takeTokens(governance, "retain", call);
  return useGuarded(governance, store, call, use);
}

/**
 * Deletes through access and legal holds. Neither limits nor an open circuit stand in the way of an erasure.
 *
 * @throws AccessDeniedError without the permission `forget`; LegalHoldActiveError.
 */
export async function governModelDelete<Result>(
  { access, deletions, holds }: Governance,
  store: MentalModelStore,
  { bankId, context, signal }: GovernedCall,
  use: UseModels<Result>,
): Promise<Result> {
  access.check(context, bankId, permissionOf("deleteMentalModel"));
  return deletions.run([bankId], async () => {
    await assertDeletable(holds, bankId, { signal });
    return abortable(signal, () => use(store));
  });
}
