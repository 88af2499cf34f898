import { type ComponentContext, type Handlers, type Reply, inPlace, inPrivate } from '../../discord/command.js';
import { escapeText, label } from '../../discord/escape.js';
import { everyone } from '../../discord/guards.js';
import { answer, colours, type MessageBody } from '../../discord/parts.js';
import { helps } from '../../services/members/actor.js';
import type { AccountDevice, DevicesOf } from '../../services/devices/account-devices.js';
import type { Services } from '../../services/create-services.js';
import type { Translate } from '../../words.js';
import { firstOf, listOf, pageOf, turning } from '../shared/lists.js';
import { deviceLine, deviceName, signOutButton } from './device-parts.js';

const devicesOnPage = 8;
/** So many are named where all are to be signed out. */
const mostNamed = 10;

/** *My devices*: where an account is signed in, page by page, and *Sign out*, of one and of all, which says first what it means. */
export function deviceHandlers({ devices: accounts }: Pick<Services, 'devices'>) {
  const list = async ({ actor, t, id }: ComponentContext, page: number) =>
    listed(t, await accounts.of(actor, id), page);

  async function question({ actor, t, id, values: [key = ''] }: ComponentContext): Promise<Reply> {
    const found = await accounts.one(actor, id, key);
    const { account, device } = found;
    if (!device) return { update: listed(t, found, 0, t('devices.gone')) };
    const name = escapeText(account.name);
    const parts = [t('devices.question', { name, device: line(t, device) }), t('devices.means')];
    if (device.isShared) parts.push(t('signOut.shared', { devices: deviceName(device) }));
    const yes = { id: `status:device-out:${account.id}-${key}`, label: t('devices.signOut'), style: 'danger' } as const;
    const no = { id: `status:devices-page:${account.id}`, label: t('devices.back') };
    return { update: answer([...parts, [yes, no]], colours.waiting) };
  }

  async function signOut({ actor, t, id }: ComponentContext): Promise<Reply> {
    const [accountId = '', key = ''] = id.split('-');
    const found = await accounts.signOut(actor, accountId, key);
    const { device } = found;
    const done = device ? t('devices.done', { device: deviceName(device) }) : t('devices.gone');
    return { update: listed(t, found, 0, done) };
  }

  async function questionEverywhere({ actor, t, id }: ComponentContext): Promise<Reply> {
    const { account, devices } = await accounts.of(actor, id);
    const shared = devices.filter(({ isShared }) => isShared);
    const name = escapeText(account.name);
    if (devices.length === 0) return { answer: answer([t('signOut.nowhere', { name })]) };
    const lines = devices.map((device) => deviceLine(t, device));
    const list = firstOf(t, lines, mostNamed).join('\n');
    const parts = [t('signOut.confirm', { name, count: devices.length, devices: list }), t('signOut.means')];
    if (shared.length > 0) {
      const on = shared.slice(0, mostNamed).map(deviceName);
      parts.push(t('signOut.shared', { devices: listOf(t, on, shared.length) }));
    }
    const yes = { id: `status:sign-out-yes:${account.id}`, label: t('signOut.button'), style: 'danger' } as const;
    return { answer: answer([...parts, [yes]], colours.waiting) };
  }

  async function signOutEverywhere({ actor, t, id }: ComponentContext): Promise<Reply> {
    const { account, devices } = await accounts.signOutEverywhere(actor, id);
    const params = { name: escapeText(account.name), count: devices.length };
    if (devices.length === 0) return { update: answer([t('signOut.nowhere', params)]) };
    const reset = helps(actor)
      ? { id: `resetpw:now:${account.id}`, label: t('buttons.reset') }
      : { id: `resetpw:ask:${account.id}`, label: t('buttons.askReset') };
    return { update: answer([t('signOut.done', params), t('signOut.next'), [reset]], colours.good) };
  }

  return {
    buttons: {
      devices: inPrivate(everyone, async (context) => ({ answer: await list(context, 0) })),
      'devices-page': inPlace(everyone, async (context) => ({ update: await list(context, context.page) })),
      'device-out': inPlace(everyone, signOut),
      'sign-out': inPrivate(everyone, questionEverywhere),
      'sign-out-yes': inPlace(everyone, signOutEverywhere),
    },
    selects: { device: inPlace(everyone, question) },
  } satisfies Handlers;
}

/** One page of the list; `said` stands above it. */
function listed(t: Translate, { account, devices }: DevicesOf, wanted: number, said?: string): MessageBody {
  const name = escapeText(account.name);
  const above = said === undefined ? [] : [said];
  const colour = said === undefined ? undefined : colours.good;
  const count = devices.length;
  if (count === 0) return answer([...above, t('signOut.nowhere', { name })], colour);
  const { page, pages, shown } = pageOf(devices, wanted, devicesOnPage);
  const connected = devices.filter(({ isConnected }) => isConnected).length;
  const limit = account.maxActiveSessions;
  const head = [t('devices.heading', { name, count })];
  if (limit > 0) head.push(t('devices.limit', { limit, connected }));
  const select = {
    id: `status:device:${account.id}`,
    placeholder: t('devices.pick'),
    options: shown.map((device) => ({
      label: label(`${device.name || device.app} (${device.app})`, 100),
      value: device.key,
    })),
  };
  const buttons = [...turning(t, `status:devices-page:${account.id}`, page, pages), signOutButton(t, account.id)];
  const lines = shown.map((device) => line(t, device)).join('\n');
  return answer([...above, head.join('\n'), lines, select, buttons, t('devices.unknown')], colour);
}

function line(t: Translate, device: AccountDevice): string {
  const said = [deviceLine(t, device)];
  if (device.isConnected) said.push(t('devices.connected'));
  if (device.isShared) said.push(t('devices.shared'));
  return `- ${said.join(' · ')}`;
}
