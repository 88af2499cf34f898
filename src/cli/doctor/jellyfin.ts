import type { Config } from '../../config.js';
import { AppError, ignoreAppError, only } from '../../errors.js';
import { isNewerThanKnown } from '../../jellyfin/jellyfin-server.js';
import { isProviderThere } from '../../services/accounts/account.js';
import { jellyfinSide, lookAt, type FoundServer } from '../../setup/jellyfin-side.js';
import { typedName } from '../../server/server-location.js';
import { minuteMs } from '../../time.js';
import type { Translate } from '../../words.js';
import { findingsIn, type Finding } from './finding.js';

/** Looks at the server as the bot reaches it, at the key, and at what keeps people out or lets nobody be locked. */
export async function lookAtJellyfin(
  { jellyfin: { url, publicUrl, apiKey } }: Config,
  isKeyUsable: boolean,
  t: Translate,
): Promise<Finding[]> {
  const { ok, fault, note, said } = findingsIn('jellyfin', t);
  const refused = (error: unknown): Finding[] => {
    const { code, params } = only(AppError, error);
    return [said(code, t.withFix(code, params).join(' '))];
  };
  const found: Finding[] = [];
  let server: FoundServer;
  try {
    server = await lookAt(url);
  } catch (error) {
    return refused(error);
  }
  const { name, version, clockAheadMs = 0 } = server;
  found.push(ok('server', { name, version, url }));
  if (isNewerThanKnown(version)) found.push(note('newerServer', { version }));
  const apart = Math.round(Math.abs(clockAheadMs) / minuteMs);
  if (apart >= 1) found.push(fault('clock', { minutes: apart }));
  if (publicUrl !== undefined && publicUrl !== url) found.push(...(await lookAtPublic(publicUrl, server, t)));
  if (!isKeyUsable) return found;
  const side = jellyfinSide(url);
  const { jellyfin, signInRules } = side.withKey(apiKey.reveal());
  try {
    await jellyfin.serverInfo();
    found.push(ok('key'));
    const [accounts, providers, takesOldApps] = await Promise.all([
      jellyfin.listAccounts(),
      jellyfin.listProviders(),
      signInRules.takesOldApps(),
    ]);
    const neverLock = accounts.filter(({ signInLimit }) => signInLimit <= 0).length;
    if (neverLock > 0) found.push(note('neverLocks', { count: neverLock, all: accounts.length }));
    for (const { name } of accounts.filter((account) => !isProviderThere(account, providers)))
      found.push(fault('providerGone', { name, typed: typedName(name) }));
    if (accounts.some(({ accessSchedules }) => accessSchedules.length > 0)) found.push(note('accessHours'));
    if (!takesOldApps) found.push(note('oldApps'));
  } catch (error) {
    found.push(...refused(error));
  }
  const isOn = await side.takesCodes();
  if (isOn !== undefined) found.push(isOn ? ok('quickConnect') : note('quickConnectOff'));
  return found;
}

/** From inside the house the address that people use may not be reachable; another server there is a fault anywhere. */
async function lookAtPublic(publicUrl: string, { id }: FoundServer, t: Translate): Promise<Finding[]> {
  const { ok, fault, note } = findingsIn('jellyfin', t);
  const there = await lookAt(publicUrl).catch(ignoreAppError);
  if (!there) return [note('publicSilent', { url: publicUrl })];
  return [there.id === id ? ok('publicUrl', { url: publicUrl }) : fault('publicIsAnother', { url: publicUrl })];
}
