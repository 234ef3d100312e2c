type Name = string | false | null | undefined;

export function cx(...names: Name[]): string {
  return names.filter(Boolean).join(" ");
}
