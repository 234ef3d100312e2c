// How well `text` answers to what was typed: more is better, 0 not at all. Every word typed has to
// occur; at the beginning of a word counts more.
export function match(text: string, typed: string): number {
  const haystack = text.toLowerCase();
  let score = 1;
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = haystack.indexOf(word);
    if (at < 0) return 0;
    const beginsWord = at === 0 || !/[a-z0-9]/.test(haystack[at - 1] ?? "");
    score += beginsWord ? 10 : 1;
    if (at === 0) score += 5;
  }
  return score;
}

export function ranked<Item>(items: readonly Item[], typed: string, textOf: (item: Item) => string): Item[] {
  if (typed.trim() === "") return [...items];
  return items
    .map((item) => ({ item, score: match(textOf(item), typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
