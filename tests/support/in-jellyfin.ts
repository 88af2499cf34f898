import type { Jellyfin } from '../../sandbox/jellyfin/index.js';

/** A call with an API key or somebody's token, as a page of Jellyfin's web client makes it. Throws when Jellyfin refuses it. */
export async function callsJellyfin(
  { url, apiKey }: Pick<Jellyfin, 'url' | 'apiKey'>,
  method: string,
  path: string,
  body?: object,
): Promise<void> {
  const headers = { authorization: `MediaBrowser Token="${apiKey}"`, 'content-type': 'application/json' };
  const { ok, status } = await fetch(`${url}${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
  if (!ok) throw new Error(`${method} ${path}: ${status}`);
}

/** An administrator changes an account's policy. */
export async function changesPolicy(jellyfin: Jellyfin, name: string, change: object): Promise<void> {
  const { Id: id, Policy: policy } = jellyfin.user(name);
  await callsJellyfin(jellyfin, 'POST', `/Users/${id}/Policy`, { ...policy, ...change });
}

/** An administrator unlocks an account, of which Jellyfin's log says nothing. */
export const opensInJellyfin = (jellyfin: Jellyfin, name: string) =>
  changesPolicy(jellyfin, name, { IsDisabled: false, InvalidLoginAttemptCount: 0 });

/** An administrator sets an account's password. */
export const setsPassword = (jellyfin: Jellyfin, name: string, password: string) =>
  callsJellyfin(jellyfin, 'POST', `/Users/Password?userId=${jellyfin.user(name).Id}`, { NewPw: password });

/** An administrator deletes an account. */
export const deletesAccount = (jellyfin: Jellyfin, name: string) =>
  callsJellyfin(jellyfin, 'DELETE', `/Users/${jellyfin.user(name).Id}`);
