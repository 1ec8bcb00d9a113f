/** What the detector asks of a library of telephone numbering plans. */
export interface PhoneLibrary {
  /** @param region - ISO 3166-1 alpha-2, upper case. */
  isSupportedRegion(region: string): boolean;
  /** Whether the number is assigned: in international notation in any region, else as dialled within `region`. */
  isValid(number: string, region: string): boolean;
}
