import { joinPiiTypes } from "../policy/pii/join-pii-types.js";
import type { Governance } from "./governance.js";

/** Reports personal data that was about to leave, by its types only. */
export function reportOutput(
  governance: Governance,
  operation: "recall" | "reflect",
  bankId: string,
  detectedTypes: readonly string[],
): void {
  if (detectedTypes.length === 0) return;
  const { logger, telemetry } = governance;
  const action = governance.policyFor(bankId).config.dlp.output_pii_action;
  telemetry.count("astrocyte_pii_detected_total", { bank_id: bankId, action });
  logger.warn(`astrocyte.dlp.${operation}_pii_detected`, {
    bank_id: bankId,
    pii_types: joinPiiTypes([...new Set(detectedTypes)]),
    action,
  });
}
