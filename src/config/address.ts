/**
 * An http or https address without its trailing slashes, its path kept; undefined when it is no address, or carries
 * a user name, a password, a query or a fragment.
 */
export function readAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.username || url.password || /[?#]/.test(text)) return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** As `readAddress`, and plain http only on this computer; an API version at the end is dropped: the library adds its own. */
export function readDiscordAddress(text: string): string | undefined {
  const address = readAddress(text);
  if (!address) return undefined;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'http:' && !isLoopback(hostname)) return undefined;
  return address.replace(/\/v\d+$/, '');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
