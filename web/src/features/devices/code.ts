// "abcd efgh", as it was read aloud, is "ABCD-EFGH".
const groupLength = 4;

export function tidyCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return letters.length > groupLength ? `${letters.slice(0, groupLength)}-${letters.slice(groupLength)}` : letters;
}
