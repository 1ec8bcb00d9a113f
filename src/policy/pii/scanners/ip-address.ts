import { isIPv6 } from "node:net";
import type { Scanner } from "../scanner.js";
import { findPattern, wordEnd, wordStart } from "./pattern.js";

const octet = "(?:25[0-5]|2[0-4]\\d|[01]?\\d\\d?)";
const wholeAddress = new RegExp(
  `${wordStart}(?:${octet}\\.){3}${octet}${wordEnd}|(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}`,
  "g",
);
/** At most 45 characters, the longest text form of RFC 4291, section 2.2; a prefix such as `fc00::/7` is no address. */
const compressed =
  /(?<![\w:.\x80-\uffff])[0-9a-fA-F:][0-9a-fA-F:.]{2,44}(?![\w:\x80-\uffff]|\/\d)/g;
/** Unicast, unique-local, link-local and multicast (2000::/3, fc00::/7, fe80::/10, ff00::/8), and NAT64 (64:ff9b::/96). */
const knownStart = /^(?:[23f][0-9a-f]{3}:|64:ff9b:)/i;
const embeddedIPv4 = /:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

function isCompressedAddress(candidate: string): boolean {
  return (
    candidate.includes("::") &&
    (knownStart.test(candidate) || embeddedIPv4.test(candidate)) &&
    isIPv6(candidate)
  );
}

/** Dotted quads, and IPv6 in full, compressed or with an embedded IPv4; `::`, `::1` and the `a::b` of programs are none. */
export const ipAddressScanner: Scanner = {
  type: "ip_address",
  replacement: "[IP_REDACTED]",
  find: (view, add) => {
    findPattern(view, wholeAddress, add);
    if (!view.includes("::")) return;
    findPattern(view, compressed, (start, end) => {
      const addressEnd = view[end - 1] === "." ? end - 1 : end;
      if (isCompressedAddress(view.slice(start, addressEnd))) add(start, addressEnd);
    });
  },
};
