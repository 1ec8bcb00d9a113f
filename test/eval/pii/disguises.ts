function fullWidth(value: string): string {
  return value.replaceAll(/[!-~]/g, (character) =>
    String.fromCharCode(character.charCodeAt(0) + 0xfee0),
  );
}

function mathematical(value: string): string {
  return value.replaceAll(/[A-Za-z0-9]/g, (character) => {
    const code = character.charCodeAt(0);
    if (code < 58) return String.fromCodePoint(0x1d7ce + code - 48);
    return String.fromCodePoint(code < 97 ? 0x1d400 + code - 65 : 0x1d41a + code - 97);
  });
}

/** Ways to write a value so that a reader still reads it and a plain pattern does not. */
export const disguises: Readonly<Record<string, (value: string) => string>> = {
  "zero-width space between all": (value) => Array.from(value).join("\u200b"),
  "zero-width joiner in the middle": (value) =>
    `${value.slice(0, value.length / 2)}\u200d${value.slice(value.length / 2)}`,
  "soft hyphens": (value) => value.replaceAll(/(.{3})/g, "$1\u00ad"),
  "full width": fullWidth,
  "mathematical letters and digits": mathematical,
  "combining marks": (value) => value.replaceAll(/([A-Za-z0-9])/g, "$1\u0301"),
  "no-break spaces": (value) => value.replaceAll(/[ -]/g, "\u00a0"),
  "no-break hyphens": (value) => value.replaceAll("-", "\u2011"),
};
