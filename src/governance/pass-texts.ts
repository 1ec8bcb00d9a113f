import { PiiRejectedError } from "../errors.js";
import { abortable } from "../internal/abortable.js";
import type { GovernedCall } from "./call-scope.js";
import type { Governance } from "./governance.js";
import { reportPii } from "./report-pii.js";

interface Inspection {
  readonly content: string;
  readonly piiTypes: readonly string[];
  readonly action: string;
}

/**
 * Finds personal data in texts that are stored outside of a retain, and acts on it.
 *
 * @returns The texts as they may be stored, in order.
 * @throws PiiRejectedError when the configuration says so.
 */
export async function passTexts(
  governance: Governance,
  texts: readonly string[],
  { bankId, signal }: GovernedCall,
): Promise<readonly string[]> {
  const { pii } = governance.policyFor(bankId);
  const inspect = async (content: string): Promise<Inspection> =>
    pii.isSynchronous
      ? pii.inspectSync({ content })
      : abortable(signal, () => pii.inspect({ content }, { signal }));
  try {
    // Together first, so that a model that looks for personal data is asked once when there is none.
    const whole = await inspect(texts.join("\n\n"));
    if (whole.piiTypes.length === 0) return texts;
    const inspections: Inspection[] = [];
    for (const text of texts) inspections.push(await inspect(text));
    await reportPii(governance, bankId, whole.piiTypes, whole.action);
    return inspections.map(({ content }) => content);
  } catch (error) {
    if (error instanceof PiiRejectedError) {
      await reportPii(governance, bankId, error.piiTypes, "reject");
    }
    throw error;
  }
}
