import type { ModalBuilder } from 'discord.js';
import {
  defineCommand,
  type ComponentContext,
  type Context,
  type Reply,
  withForm,
  inPlace,
  inPrivate,
} from '../discord/command.js';
import { escapeText, longestName } from '../discord/escape.js';
import { form } from '../discord/form.js';
import { everyone } from '../discord/guards.js';
import { answer, colours, notice, type MessageBody, type Button } from '../discord/parts.js';
import { lockState, type Account } from '../services/accounts/account.js';
import type { Services } from '../services/create-services.js';
import { accountSelect } from './accounts/account-choice.js';
import { listOf } from './shared/lists.js';

/** A code's age travels in its button, in steps of so long: a custom id has nine digits for it. */
const stepMs = 10_000;
/** Devices that are named; more would not fit. */
const mostDevices = 10;

type Deps = Pick<Services, 'picker' | 'signIns' | 'permissions' | 'unlocks' | 'now'>;

/** `/signin code`: a new device is let in by the code on its screen, once its owner says that it is in front of them. */
export default ({ picker, signIns, permissions, unlocks, now }: Deps) => {
  async function ask(context: Context, typed: string, accountId?: string): Promise<Reply> {
    const { actor, t } = context;
    const code = signIns.readCode(typed);
    const step = Math.floor(now() / stepMs);
    const mine = picker.own(actor);
    const only = accountId ?? (mine.length === 1 ? mine[0]?.id : undefined);
    if (only !== undefined) return { answer: await confirm(context, only, code, step) };
    const select = accountSelect(`signin:pick:${code}:${step}`, t('pick.placeholder'), mine);
    return { answer: answer([t('signin.which', { code: shown(code) }), select]) };
  }

  /** Nobody is signed in without a press on this. */
  async function confirm(context: Context, accountId: string, code: string, step: number): Promise<MessageBody> {
    const { actor, t } = context;
    const account = await signIns.look(actor, accountId);
    if (lockState(account) === 'locked') return lockedAnswer(context, account);
    const buttons: Button[] = [
      { id: `signin:go:${account.id}.${code}:${step}`, label: t('buttons.signInGo'), style: 'success' },
      { id: `signin:no:${account.id}`, label: t('buttons.signInNo'), style: 'danger' },
    ];
    const params = { code: shown(code), name: escapeText(account.name) };
    return answer([t('signin.confirm', params), buttons], colours.waiting);
  }

  async function lockedAnswer({ actor, t }: Context, account: Account): Promise<MessageBody> {
    const may = await permissions.mayChange(actor, account);
    const ask = t(unlocks.mayOwnerUnlock(account) ? 'buttons.unlock' : 'buttons.askUnlock');
    const button: Button = may
      ? { id: `unlock:now:${account.id}`, label: t('buttons.unlock'), style: 'success' }
      : { id: `unlock:ask:${account.id}`, label: ask, style: 'success' };
    return answer([t('signin.locked', { name: escapeText(account.name) }), [button]], colours.waiting);
  }

  async function go(context: ComponentContext): Promise<Reply> {
    const { actor, t, id, page } = context;
    const { accountId, code } = accountAndCode(id);
    const account = await signIns.authorise(actor, accountId, signIns.readCode(code), page * stepMs);
    if (lockState(account) === 'locked') return { update: await lockedAnswer(context, account) };
    const params = { code: shown(code), name: escapeText(account.name) };
    return { update: answer([t('signin.done', params)], colours.good) };
  }

  return defineCommand({
    data: {
      type: 'slash',
      name: 'signin',
      where: 'anywhere',
      description: 'commands.signin',
      options: [{ name: 'code', kind: 'text', required: true, description: 'commands.option.code' }],
    },
    guard: everyone,
    run: (context) => ask(context, context.text('code') ?? ''),
    selects: {
      pick: {
        ...inPlace(everyone, async (context) => ({
          update: await confirm(context, context.values[0] ?? '', signIns.readCode(context.id), context.page),
        })),
        subject: ({ values }) => values[0] ?? '',
      },
    },
    buttons: {
      open: withForm(everyone, codeModal),
      // The code stands in the id, and is written down nowhere.
      go: { ...inPlace(everyone, go), subject: ({ id }) => accountAndCode(id).accountId },
      // Stands on the message about a device that was signed in.
      'not-me': inPlace(everyone, async ({ actor, t, id, onAnswer }) => {
        const { accountName, devices, areAdminsTold } = await signIns.deny(actor, Number(id));
        const names = devices.slice(0, mostDevices).map((each) => escapeText(each, longestName));
        const params = { name: escapeText(accountName), devices: listOf(t, names, devices.length) };
        const said = t(devices.length > 0 ? 'signin.notMe' : 'signin.notMeGone', params);
        const told = t(areAdminsTold ? 'signin.adminsTold' : 'signin.adminsUntold');
        // An answer may hold other messages besides.
        if (onAnswer) return { answer: answer([said, told], colours.good) };
        return { update: notice(said, { colour: colours.good, text: told }) };
      }),
      no: inPlace(everyone, ({ t }) => ({ update: answer([t('signin.cancelled')], colours.quiet) })),
    },
    modals: {
      open: inPrivate(everyone, (context) => ask(context, context.field('code'), context.id)),
    },
  });
};

function accountAndCode(id: string): { accountId: string; code: string } {
  const [accountId = '', code = ''] = id.split('.');
  return { accountId, code };
}

/** As devices show it, in two groups. */
function shown(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

function codeModal({ t, id }: ComponentContext): ModalBuilder {
  return form(`signin:open:${id}`, t('signin.modalTitle'), [
    { id: 'code', label: t('signin.modalCode'), hint: t('signin.modalHint'), length: { min: 6, max: 20 } },
  ]);
}
