// What is proposed to be kept secret, as the command line proposes it.
const words = ["secret", "password", "passwd", "passphrase", "token", "credential", "private", "webhook_url"];
// Frameworks build these into what browsers load.
const publicPrefixes = ["NEXT_PUBLIC_", "VITE_", "REACT_APP_", "PUBLIC_", "NUXT_PUBLIC_", "GATSBY_", "EXPO_PUBLIC_", "VUE_APP_", "NG_APP_"];

export function looksSecret(name: string, value: string): boolean {
  if (publicPrefixes.some((prefix) => name.startsWith(prefix))) return false;
  const word = name.toLowerCase();
  if (words.some((part) => word.includes(part))) return true;
  if (word === "key" || /(_key|apikey|_dsn)$/.test(word)) return true;
  // postgres://user:password@host
  return /:\/\/[^/]*:[^/]*@/.test(value);
}
