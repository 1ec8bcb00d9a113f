import type { Metadata } from "../../../dto/metadata.js";
import { trim } from "../../../internal/whitespace.js";
import { authorityTierKey, type AuthorityOptions } from "./authority-options.js";

/**
 * The metadata of a retain with the tier that its profile or else its bank has. A tier that the caller wrote is dropped in
 * every case: whoever retains must not say how much the memory counts.
 *
 * @remarks Contract 05 section 3, step 6.
 */
export function withAuthorityTier(
  metadata: Metadata | undefined,
  bankId: string,
  profileTier: string | undefined,
  { tierByBank = {} }: AuthorityOptions,
): Metadata | undefined {
  const bankTier = Object.hasOwn(tierByBank, bankId) ? (tierByBank[bankId] ?? "") : "";
  const tier = trim(profileTier ?? "") || trim(bankTier);
  const { [authorityTierKey]: _claimed, ...rest } = metadata ?? {};
  if (tier !== "") return { ...rest, [authorityTierKey]: tier };
  return Object.keys(rest).length === 0 ? undefined : rest;
}
