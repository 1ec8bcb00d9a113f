import { PiiRejectedError } from "../errors.js";
import { abortable } from "../internal/abortable.js";
import { normaliseContent } from "../pipeline/retain/normalise.js";
import type { KeyedRetainRequest } from "../pipeline/retain/prepare-content.js";
import { validateContent } from "../policy/content-validator.js";
import { sanitizeMetadata } from "../policy/metadata-sanitizer.js";
import type { BankPolicy } from "./bank-policy.js";
import type { GovernedCall } from "./call-scope.js";
import type { Governance } from "./governance.js";
import { reportPii } from "./report-pii.js";

/** Finds personal data in a request and acts on it. */
async function passPii(
  governance: Governance,
  policy: BankPolicy,
  keyed: KeyedRetainRequest,
  { bankId, signal }: GovernedCall,
): Promise<KeyedRetainRequest> {
  const { content, metadata, tags } = keyed.request;
  try {
    const fields = { content, metadata, tags };
    const inspected = policy.pii.isSynchronous
      ? policy.pii.inspectSync(fields)
      : await abortable(signal, () => policy.pii.inspect(fields, { signal }));
    if (inspected.piiTypes.length === 0) return keyed;
    await reportPii(governance, bankId, inspected.piiTypes, inspected.action);
    const { piiTypes: _types, action: _action, ...clean } = inspected;
    return { ...keyed, request: { ...keyed.request, ...clean } };
  } catch (error) {
    if (error instanceof PiiRejectedError)
      await reportPii(governance, bankId, error.piiTypes, "reject");
    throw error;
  }
}

function sanitised(
  { logger }: Governance,
  policy: BankPolicy,
  keyed: KeyedRetainRequest,
): KeyedRetainRequest {
  const { metadata: before, ...request } = keyed.request;
  if (before === undefined) return keyed;
  const { metadata, warnings } = sanitizeMetadata(before, policy.metadata);
  for (const warning of warnings) {
    logger.warn("astrocyte.policy.metadata", { bank_id: request.bankId, warning });
  }
  return { ...keyed, request: metadata === undefined ? request : { ...request, metadata } };
}

/** What is scanned must be what is stored: a line end that becomes another could join what the scan saw apart. */
function withStoredForm(keyed: KeyedRetainRequest): KeyedRetainRequest {
  const content = normaliseContent(keyed.request.content, "text");
  return { ...keyed, request: { ...keyed.request, content } };
}

/**
 * Takes one content through what looks at it: validation, personal data, metadata, instructions.
 *
 * @returns What may be stored, or why the content is refused.
 * @throws PiiRejectedError.
 */
export async function passBarriers(
  governance: Governance,
  policy: BankPolicy,
  keyed: KeyedRetainRequest,
  call: GovernedCall,
): Promise<KeyedRetainRequest | string> {
  const { content, contentType } = keyed.request;
  const problems = validateContent(content, contentType, policy.validation);
  if (problems.length > 0) return problems.join("; ");
  const passed = await passPii(governance, policy, withStoredForm(keyed), call);
  const clean = sanitised(governance, policy, passed);
  const reasons = policy.injectionGuard.inspect(clean.request.content);
  const suspect = reasons.length > 0 ? reasons.join(",") : undefined;
  return { ...clean, suspect };
}
