// What a page keeps in the address: these texts, where they are given; the rest is dropped.
export function texts<Name extends string>(...names: readonly Name[]) {
  return (search: Record<string, unknown>): { [name in Name]?: string } => {
    const found: { [name in Name]?: string } = {};
    for (const name of names) {
      const text = search[name];
      if (typeof text === "string" && text !== "") found[name] = text;
    }
    return found;
  };
}
