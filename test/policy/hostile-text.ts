/** Text that estimates of tokens get wrong, by kind: what is repeated to make it. */
export const hostileText = {
  emoji: "😀",
  "families of emoji": "👩‍👩‍👧‍👦",
  "Unicode tags": "\u{e0041}",
  Gothic: "𐌰𐌱𐌲",
  Thai: "ราชอาณาจักรไทย",
  hex: "deadbeef0123",
  "combining marks": "é\u0301\u0323",
  Chinese: "日本語漢字",
  base64: "aGVsbG8gd29ybGQ+/=",
  spaces: " ",
  newlines: "\n",
  digits: "7",
  "rare scripts": "ꦀꦁ𑀅𑀆",
  "lone surrogates": "\ud800",
  "one letter": "a",
  "special tokens": "<|endoftext|>",
} as const;
