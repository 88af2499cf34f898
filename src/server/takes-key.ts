import { knock } from './http-sign.js';

/** Whether the server at this address takes this API key; no, too, where nobody answers or no address is known. */
export async function takesKey(url: string | undefined, key: string): Promise<boolean> {
  if (url === undefined) return false;
  const headers = { authorization: `MediaBrowser Token="${key}"` };
  return (await knock(`${url.replace(/\/+$/, '')}/System/Info`, headers).catch(() => 'not an address')) === 200;
}
