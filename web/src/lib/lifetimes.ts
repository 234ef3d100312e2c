// How long a credential is good.
export const lifetimes = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until it is revoked" },
];
export const usualLifetime = "90";

const dayMilliseconds = 86_400_000;

export function expiryOf(days: string, now: number = Date.now()): string | undefined {
  return days === "" ? undefined : new Date(now + Number(days) * dayMilliseconds).toISOString();
}
