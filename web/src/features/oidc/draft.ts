// A login provider as it is typed, and as the API takes it.
export type UnknownPeople = "refused" | "invited" | "guests";

export const unknownPeople: readonly { value: UnknownPeople; label: string }[] = [
  { value: "refused", label: "are refused" },
  { value: "invited", label: "need an invitation" },
  { value: "guests", label: "become guests" },
];

export interface Draft {
  label: string;
  name: string; // empty: made from the label
  issuer: string;
  clientId: string;
  clientSecret: string;
  domains: string;
  unknown: UnknownPeople;
  linksByEmail: boolean;
  trustsFactor: boolean;
}

export const emptyDraft: Draft = {
  label: "",
  name: "",
  issuer: "",
  clientId: "",
  clientSecret: "",
  domains: "",
  unknown: "refused",
  linksByEmail: false,
  trustsFactor: false,
};

export interface NewProvider {
  name: string;
  label: string;
  issuer: string;
  client_id: string;
  client_secret: string;
  email_domains: string[];
  unknown_people: UnknownPeople;
  links_by_email: boolean;
  trusted_second_factor: boolean;
}

// "Our Keycloak" is to be found at /login/callback/our-keycloak.
export function nameOf(draft: Pick<Draft, "label" | "name">): string {
  if (draft.name.trim() !== "") return draft.name.trim();
  const plain = draft.label.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.replace(/^-/, "").slice(0, 40).replace(/-$/, "");
}

export function domainsIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((domain) => domain !== "");
}

export function wishOf(draft: Draft): NewProvider {
  return {
    name: nameOf(draft),
    label: draft.label.trim(),
    issuer: draft.issuer.trim(),
    client_id: draft.clientId.trim(),
    client_secret: draft.clientSecret.trim(),
    email_domains: domainsIn(draft.domains),
    unknown_people: draft.unknown,
    links_by_email: draft.linksByEmail,
    trusted_second_factor: draft.trustsFactor,
  };
}

export const redirectUri = (name: string, origin: string = location.origin) => `${origin}/login/callback/${name}`;
