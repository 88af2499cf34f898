import { type ComponentHandler, type Context, type Reply, inPlace, inPrivate } from '../../discord/command.js';
import { escapeText } from '../../discord/escape.js';
import { everyone } from '../../discord/guards.js';
import { answer, type Button, colours, firstOf, listOf } from '../../discord/parts.js';
import { helps } from '../../services/members/actor.js';
import type { Services } from '../../services/create-services.js';
import type { Translate } from '../../words.js';
import { deviceLine, deviceName } from './device-line.js';

const mostDevices = 10;

/** The button *Sign out everywhere*. */
export function signOutButton(t: Translate, accountId: string): Button {
  return { id: `status:sign-out:${accountId}`, label: t('signOut.button'), style: 'danger' };
}

/** What it does: says first what it means, then does it. */
export function signOutButtons({ devices: accounts }: Pick<Services, 'devices'>): Record<string, ComponentHandler> {
  async function confirm({ actor, t, id }: Context & { readonly id: string }): Promise<Reply> {
    const { account, devices } = await accounts.of(actor, id);
    const shared = devices.filter(({ isShared }) => isShared);
    const name = escapeText(account.name);
    if (devices.length === 0) return { answer: answer([t('signOut.nowhere', { name })]) };
    const lines = devices.map((device) => deviceLine(t, device));
    const list = firstOf(t, lines, mostDevices).join('\n');
    const parts = [t('signOut.confirm', { name, count: devices.length, devices: list }), t('signOut.means')];
    if (shared.length > 0) {
      const on = shared.slice(0, mostDevices).map(deviceName);
      parts.push(t('signOut.shared', { devices: listOf(t, on, shared.length) }));
    }
    const yes = { id: `status:sign-out-yes:${account.id}`, label: t('signOut.button'), style: 'danger' } as const;
    return { answer: answer([...parts, [yes]], colours.waiting) };
  }

  async function signOut({ actor, t, id }: Context & { readonly id: string }): Promise<Reply> {
    const { account, devices } = await accounts.signOutEverywhere(actor, id);
    const params = { name: escapeText(account.name), count: devices.length };
    if (devices.length === 0) return { update: answer([t('signOut.nowhere', params)]) };
    const reset = helps(actor)
      ? { id: `resetpw:now:${account.id}`, label: t('buttons.reset') }
      : { id: `resetpw:ask:${account.id}`, label: t('buttons.askReset') };
    return { update: answer([t('signOut.done', params), t('signOut.next'), [reset]], colours.good) };
  }

  return {
    'sign-out': inPrivate(everyone, confirm),
    'sign-out-yes': inPlace(everyone, signOut),
  };
}
