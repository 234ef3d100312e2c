// What this browser remembers between visits. Works without storage, then for this visit only.
const fallback = new Map<string, string>();

export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`temps.${name}`);
  } catch {
    return fallback.get(name) ?? null;
  }
}

export function remember(name: string, value: string) {
  try {
    localStorage.setItem(`temps.${name}`, value);
  } catch {
    fallback.set(name, value);
  }
}
