import { AppError } from '../errors.js';
import {
  type ComponentContext,
  defineCommand,
  type Context,
  type Reply,
  inPlace,
  inPrivate,
} from '../discord/command.js';
import { escapeText } from '../discord/escape.js';
import { everyone, helpers } from '../discord/guards.js';
import {
  answer,
  askLinkButton,
  bothNotices,
  colours,
  notice,
  proveButton,
  together,
  type Button,
} from '../discord/parts.js';
import { helps } from '../services/members/actor.js';
import type { Services } from '../services/create-services.js';
import { accountCard, accountCards, colourOf } from './accounts/account-card.js';
import { askedAnswer } from './requests/waiting-requests.js';
import { accountChoices, accountCommand, pickedAccount, withAccount } from './accounts/account-choice.js';
import { mendHandlers } from './causes/mend-handlers.js';
import { householdParts } from './status-card/household-overview.js';
import { deviceHandlers } from './devices/device-handlers.js';
import { denialDetails, lockoutDenied } from './lockouts/lockout-messages.js';
import { signOutButton } from './devices/device-parts.js';
import { passHandlers } from './passes/pass-handlers.js';

/** `/status [user]`: why somebody cannot sign in; for helpers, how the whole household stands. */
export default (services: Services) => {
  const { picker, ownership, jellyfin, notMe, requests, statusCards, outages, oldApps } = services;
  const passParts = passHandlers(services);
  const deviceParts = deviceHandlers(services);
  const mends = mendHandlers(services);

  async function one(context: Context, accountId: string, asksWhy = false): Promise<Reply> {
    const assertMaySee = () => {
      if (!helps(context.actor)) ownership.assertOwn(context.actor.id, accountId);
    };
    assertMaySee();
    const account = await jellyfin.getAccount(accountId);
    // Asked again: it may have become an administrator's.
    assertMaySee();
    const why = asksWhy ? await services.causes.why(account) : undefined;
    const parts = await accountCard(services, context, account, { why });
    return { answer: answer(parts, colourOf(parts)) };
  }

  /** What the card about *It wasn't me* leaves out of an administrator's account. */
  async function denial(context: ComponentContext): Promise<Reply> {
    const { actor, t, id, page } = context;
    const account = await jellyfin.getAccount(id);
    const parts = await accountCard(services, context, account);
    const facts = await services.denials.facts(page, actor);
    if (facts !== 'hidden') parts.push(denialDetails(t, facts));
    if (await services.permissions.mayChange(actor, account)) parts.push([signOutButton(t, id)]);
    return { answer: answer(parts, colourOf(parts)) };
  }

  /** All accounts of the person, one below the other. */
  async function own(context: Context): Promise<Reply> {
    const mine = picker.accountsOf(context.actor.id);
    if (mine.length === 0) return waiting(context);
    const parts = await accountCards(services, context, mine);
    return { answer: answer(parts, colourOf(parts)) };
  }

  /** Who is linked to nothing may have asked by a name, and looks here for what becomes of it. Throws `notLinked`. */
  function waiting({ t, actor }: Context): Reply {
    const open = requests.openOf(actor.id);
    if (open.length === 0) throw new AppError('notLinked');
    const ways: Button[] = [{ ...proveButton(t), label: t('buttons.signedInSomewhere') }];
    if (!open.some(({ kind }) => kind === 'link')) ways.push(askLinkButton(t));
    const asked = open.map((request) => askedAnswer(t, requests.asked(request)));
    return { answer: [...asked, answer([ways], colours.quiet)].reduce(together) };
  }

  async function household(context: Context): Promise<Reply> {
    const parts = await householdParts(services, context);
    const keep: Button = { id: 'status:keep:here', label: context.t('statusCard.keep') };
    // In direct messages it would be nobody else's.
    const shown = context.channelId !== undefined ? [...parts, [keep]] : parts;
    return { answer: answer(shown, colourOf(parts)) };
  }

  return defineCommand({
    data: accountCommand('status'),
    guard: everyone,
    run: async (context) => {
      if (context.text('user') !== undefined)
        return withAccount(picker, context, 'status', (each, accountId) => one(each, accountId));
      if (helps(context.actor)) return household(context);
      return own(context);
    },
    choices: { user: accountChoices(picker) },
    selects: {
      pick: pickedAccount((context, accountId) => one(context, accountId)),
      ...deviceParts.selects,
      ...passParts.selects,
      ...mends.selects,
    },
    buttons: {
      // Stands on the words about a request, and on *Cannot sign in?*; whoever presses sees what is theirs, and the answer
      // that a word in a channel could only announce.
      check: { ...inPrivate(everyone, own), hasPrelude: true },
      // These stand on cards about an administrator's account.
      details: inPrivate(helpers, (context) => one(context, context.id)),
      denial: inPrivate(helpers, denial),
      // Stands on the card about a Jellyfin that does not answer.
      look: inPrivate(helpers, async ({ t }) => {
        const { name, version } = await outages.look();
        return {
          answer: answer([t('outage.fine', { name: escapeText(name), version: escapeText(version) })], colours.good),
        };
      }),
      // Stands on the message that old apps are refused.
      'old-apps': inPlace(helpers, async ({ t }) => {
        if (await oldApps.look()) return { update: notice(t('oldApps.letIn')) };
        return { answer: answer([t('oldApps.refused')]) };
      }),
      keep: inPrivate(helpers, async ({ actor, t, channelId }) => {
        if (channelId === undefined) throw new AppError('cannotPostThere');
        const how = await statusCards.keep(actor, channelId);
        return { answer: answer([t(`statusCard.${how}`)], how === 'later' ? colours.waiting : colours.good) };
      }),
      unkeep: inPrivate(helpers, async ({ actor, t, id }) => {
        await statusCards.remove(actor, Number(id));
        return { answer: answer([t('statusCard.removedAnswer')], colours.good) };
      }),
      // Stands on the message about wrong passwords or a PIN: it was somebody else.
      'not-me': inPlace(everyone, async ({ id, actor, t }) => {
        const { told, accountName, isLocked, pin } = await notMe.press(Number(id), actor);
        const isPinTold = told.get('pin');
        const isLockoutTold = told.get('lockout');
        const denied = lockoutDenied(t, accountName, isLockoutTold ?? false, isLocked);
        if (isPinTold === undefined) return { update: denied };
        // Below it the PIN is left to be read, as it may be the account's password by now.
        const said = t(isPinTold ? 'pin.notMeThanks' : 'pin.notMeUntold');
        if (isLockoutTold === undefined)
          return { update: { content: said, components: [], allowed_mentions: { parse: [] } } };
        const content = isLockoutTold ? `${denied.content ?? ''}\n${said}` : said;
        return { update: { ...bothNotices(pin ?? {}, { ...denied, content: '' }), content, components: [] } };
      }),
      ...deviceParts.buttons,
      ...passParts.buttons,
      ...mends.buttons,
      why: inPrivate(everyone, (context) => one(context, context.id, true)),
    },
  });
};
