import { joinPiiTypes } from "../policy/pii/join-pii-types.js";
import type { Governance } from "./governance.js";

/** Counts, logs and announces that personal data was found; never what it was. */
export async function reportPii(
  { hooks, telemetry, logger }: Governance,
  bankId: string,
  piiTypes: readonly string[],
  action: string,
): Promise<void> {
  const types = joinPiiTypes(piiTypes);
  telemetry.count("astrocyte_pii_detected_total", { bank_id: bankId, action });
  logger.info?.("astrocyte.policy.pii_detected", { bank_id: bankId, pii_types: types, action });
  await hooks.fire("on_pii_detected", bankId, { pii_types: types, action });
}
