// What a page keeps in the address: these texts, where they are given; the rest is dropped.
export function texts<Name extends string>(...names: readonly Name[]) {
  return (search: Record<string, unknown>): Partial<Record<Name, string>> => {
    const found: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const text = search[name];
      if (typeof text === "string" && text !== "") found[name] = text;
    }
    return found;
  };
}
