// Times to choose from: how far back a page looks.
export const spans: readonly { value: string; label: string; minutes: number }[] = [
  { value: "15m", label: "15 minutes", minutes: 15 },
  { value: "1h", label: "An hour", minutes: 60 },
  { value: "24h", label: "A day", minutes: 24 * 60 },
  { value: "7d", label: "A week", minutes: 7 * 24 * 60 },
];

// As the API takes it; nothing for what is none of them.
export function sinceOf(span: string | undefined, now: Date): string | undefined {
  const minutes = spans.find(({ value }) => value === span)?.minutes ?? 0;
  return minutes > 0 ? new Date(now.getTime() - minutes * 60_000).toISOString() : undefined;
}
