import {
  type Command,
  type ComponentContext,
  type ComponentHandler,
  type Context,
  type Reply,
  inPlace,
  inPrivate,
} from '../../discord/command.js';
import { escapeText, label } from '../../discord/escape.js';
import { everyone } from '../../discord/guards.js';
import { answer, type Button, colours, type MessageBody, turning } from '../../discord/parts.js';
import type { AccountDevice, DevicesOf } from '../../services/devices/account-devices.js';
import type { Services } from '../../services/create-services.js';
import type { Translate } from '../../words.js';
import { deviceLine, deviceName } from './device-line.js';
import { signOutButton } from './sign-out-buttons.js';

const devicesOnPage = 8;

/** Opens the list of an account's devices. */
export function devicesButton(t: Translate, accountId: string, isOwn: boolean): Button {
  return { id: `status:devices:${accountId}`, label: t(isOwn ? 'devices.mine' : 'devices.theirs') };
}

/** *My devices*: where an account is signed in, page by page, and *Sign out* for each, which says first what it means. */
export function deviceHandlers({ devices: accounts }: Pick<Services, 'devices'>) {
  type At = Context & { readonly id: string; readonly page?: number };
  const list = async ({ actor, t, id, page = 0 }: At) => listed(t, await accounts.of(actor, id), page);

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

  const buttons: Record<string, ComponentHandler> = {
    devices: inPrivate(everyone, async (context) => ({ answer: await list({ ...context, page: 0 }) })),
    'devices-page': inPlace(everyone, async (context) => ({ update: await list(context) })),
    'device-out': inPlace(everyone, signOut),
  };
  const selects: Record<string, ComponentHandler> = {
    device: inPlace(everyone, question),
  };
  return { buttons, selects } satisfies Pick<Command, 'buttons' | 'selects'>;
}

/** One page of the list; `said` stands above it. */
function listed(t: Translate, { account, devices }: DevicesOf, wanted: number, said?: string): MessageBody {
  const name = escapeText(account.name);
  const above = said === undefined ? [] : [said];
  const colour = said === undefined ? undefined : colours.good;
  const count = devices.length;
  if (count === 0) return answer([...above, t('signOut.nowhere', { name })], colour);
  const pages = Math.ceil(count / devicesOnPage);
  const page = Math.min(wanted, pages - 1);
  const shown = devices.slice(page * devicesOnPage, (page + 1) * devicesOnPage);
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
