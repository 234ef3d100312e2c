// What kind of address was typed, as far as the form has to know; the server decides.

export type Opens = "token" | "deploy_key" | "unknown";

// Which credential opens a repository at this address.
export function opensWith(address: string): Opens {
  const text = address.trim();
  if (/^https?:\/\//i.test(text)) return "token";
  if (/^(git\+)?ssh:\/\//i.test(text)) return "deploy_key";
  if (text.includes("://")) return "unknown";
  return /^([\w.-]+@)?[\w.-]+:[^:]/.test(text) ? "deploy_key" : "unknown";
}

// The registry that an image is pulled from, under the name that its login is kept by.
export function registryOf(image: string): string {
  const first = image.trim().split("/")[0] ?? "";
  const isHost = image.includes("/") && (first.includes(".") || first.includes(":") || first === "localhost");
  return isHost ? first.toLowerCase() : "docker.io";
}
