// What a login provider has sent somebody back with: it stands in the address as the standard says, and is text,
// whatever it looks like.
export interface ProviderAnswer {
  state: string;
  code?: string;
  error?: string;
  iss?: string;
}

const longest = 4096;

export function answerIn(search: string): ProviderAnswer {
  const given = new URLSearchParams(search);
  const text = (name: string) => given.get(name)?.slice(0, longest);
  const answer: ProviderAnswer = { state: text("state") ?? "" };
  for (const name of ["code", "error", "iss"] as const) {
    const value = text(name);
    if (value !== undefined) answer[name] = value;
  }
  return answer;
}
