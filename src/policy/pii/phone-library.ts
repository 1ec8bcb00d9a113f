/** What the detector asks of a library of telephone numbering plans. */
export interface PhoneLibrary {
  /** @param region - ISO 3166-1 alpha-2, upper case. */
  isSupportedRegion(region: string): boolean;
  /**
   * The number in the region's own notation, such as `020 7946 0958`, when it is valid: in international notation for any
   * region, else as dialled within `region`. Undefined when it is not.
   */
  nationalFormat(text: string, region: string): string | undefined;
}
