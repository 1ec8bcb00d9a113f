import { importPeer } from "../../spi/import-peer.js";
import type { PhoneLibrary } from "./phone-library.js";

/**
 * Loads the numbering plans of the optional peer `libphonenumber-js`.
 *
 * @throws MissingPeerError when the package is not installed.
 */
export async function loadPhoneLibrary(): Promise<PhoneLibrary> {
  const { isSupportedCountry, isValidPhoneNumber } = await importPeer(
    "libphonenumber-js",
    "phone numbers by region",
    () => import("libphonenumber-js/max"),
  );
  return {
    isSupportedRegion: (region) => isSupportedCountry(region),
    isValid: (number, region) => isSupportedCountry(region) && isValidPhoneNumber(number, region),
  };
}
