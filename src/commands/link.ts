import type { ModalBuilder } from 'discord.js';
import { AppError } from '../errors.js';
import {
  defineCommand,
  type CommandContext,
  type ComponentContext,
  type Context,
  type PickedMember,
  type Reply,
  withForm,
  inPlace,
  inPrivate,
} from '../discord/command.js';
import { escapeText } from '../discord/escape.js';
import { form } from '../discord/form.js';
import { admins, everyone } from '../discord/guards.js';
import { answer, colours, type MessageBody, proveButton, seconds, type Button, type Part } from '../discord/parts.js';
import type { MemberSearch } from '../services/members/actor.js';
import type { Services } from '../services/create-services.js';
import { accountChoices, linkOptions } from './accounts/account-choice.js';
import { discordName } from './requests/request-card.js';
import { askedAnswer, byName } from './requests/waiting-requests.js';
import { greeting, greetingButton, greetingText } from './links/link-messages.js';
import { linkSentence, readPair, undoLinks, undone } from './links/undo-link.js';
import type { ChangedLink } from '../services/accounts/link.js';
import type { ProofEnd } from '../services/links/link-ports.js';
import type { LinkProofs } from '../services/links/link-proofs.js';
import type { Translate } from '../words.js';
import type { NamedAccount } from '../services/accounts/account.js';
import { pageOf, turning } from './shared/lists.js';

type Deps = Pick<
  Services,
  'picker' | 'links' | 'linkProofs' | 'requests' | 'memberSearch' | 'memberPreferences' | 'writtenAbout'
>;

/**
 * `/link member user`: an admin says whose account it is. Bare: an admin gets the accounts without a member, everybody else
 * a code to prove an account with.
 */
export default ({ picker, links, linkProofs, requests, memberSearch, memberPreferences, writtenAbout }: Deps) => {
  async function linkNamed({ actor, t, member, text }: CommandContext): Promise<Reply> {
    // What they want is mostly an account of their own.
    if (actor.rank !== 'admin') throw new AppError('linkOthers');
    const who = member('member');
    const name = text('user');
    if (!who || name === undefined) throw new AppError('linkNeedsBoth');
    assertLinkable(who);
    const found = await picker.account(name);
    const made = await picker.orSuccessor(actor, found.id, (id) => links.link(actor, who.id, id));
    return { answer: answer([linkSentence(t, 'done', made), ...undoLinks(t, [made])], colours.good) };
  }

  /** The list, below what has just been done on it. */
  const list = async (t: Context['t'], page: number, above: readonly string[] = [], made: ChangedLink[] = []) =>
    answer([
      ...(above.length > 0 ? [above.join('\n')] : []),
      ...undoLinks(t, made),
      ...(await firstLinks(t, await links.free(), memberSearch, page)),
    ]);

  /** What stands on the message is what the admin has seen. */
  async function asShown({ t, actor, presets, page }: ComponentContext): Promise<Reply> {
    const lines: string[] = [];
    const made: ChangedLink[] = [];
    for (const [customId, memberId] of presets()) {
      const accountId = /^link:to:([0-9a-f]{32}):/.exec(customId)?.[1];
      if (accountId === undefined) continue;
      try {
        const link = await links.linkFree(actor, memberId, accountId);
        made.push(link);
        lines.push(linkSentence(t, 'done', link));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        lines.push(t('link.free.failed', { account: `<@${memberId}>`, why: t(`errors.${error.code}`, error.params) }));
      }
    }
    return { update: await list(t, page, lines.length > 0 ? lines : [t('link.free.nothingShown')], made) };
  }

  async function undo({ actor, t }: ComponentContext, which: string): Promise<Reply> {
    const { accountId, memberId } = readPair(which);
    const link = await links.unlink(actor, memberId, accountId);
    const next: Button = { id: 'link:page:list:0', label: t('buttons.freeAccounts') };
    return { update: undone(t, 'undone', link, [next]) };
  }

  const lockouts = (wanted: boolean) =>
    inPlace(everyone, ({ actor, t, id, onAnswer }: ComponentContext): Reply => {
      const own = picker.accountsOf(actor.id).find((each) => each.id === id);
      if (!own) throw new AppError('linkGone');
      memberPreferences.setLockouts(actor.id, wanted);
      const account = { accountId: own.id, accountName: own.name };
      const text = wanted ? undefined : t('greeting.off');
      const about = writtenAbout(actor.id);
      // Above what somebody asked for, that stays as it is.
      if (onAnswer) return { answer: answer([text ?? greetingText(t, about), [greetingButton(t, own.id, about)]]) };
      return { update: greeting(t, account, about, text) };
    });

  return defineCommand({
    data: { type: 'slash', name: 'link', where: 'server', description: 'commands.link', options: linkOptions },
    guard: everyone,
    run: async (context) => {
      if (context.member('member') || context.text('user') !== undefined) return linkNamed(context);
      if (context.actor.rank === 'admin') return { answer: await list(context.t, 0) };
      return proofReply(linkProofs, context);
    },
    choices: { user: accountChoices(picker) },
    buttons: {
      ask: inPrivate(everyone, async ({ actor, t, channelId }) => ({
        answer: askedAnswer(t, await requests.askForLink(actor, channelId)),
      })),
      name: withForm(everyone, nameForm),
      prove: inPrivate(everyone, (context) => proofReply(linkProofs, context)),
      'not-these': lockouts(false),
      these: lockouts(true),
      // Stands on cards in the admin channel: everybody there gets a list of their own.
      free: inPrivate(admins, async ({ t }) => ({ answer: await list(t, 0) })),
      page: inPlace(admins, async ({ t, page }) => ({ update: await list(t, page) })),
      'as-shown': inPlace(admins, asShown),
      undo: inPlace(admins, (context) => undo(context, context.id)),
    },
    selects: {
      undo: inPlace(admins, (context) => undo(context, context.values[0] ?? '')),
      to: inPlace(admins, async ({ actor, t, id, page, picked }) => {
        const [who] = picked;
        if (!who) throw new AppError('cardOutdated');
        assertLinkable(who);
        const made = await links.linkFree(actor, who.id, id);
        return { update: await list(t, page, [linkSentence(t, 'done', made)], [made]) };
      }),
    },
    modals: {
      name: inPrivate(everyone, (context) => {
        const name = context.field('name').trim();
        // Linked meanwhile, or a helper by now.
        if (!picker.mayAskByName(context.actor, name)) throw new AppError('cardOutdated');
        return byName({ requests }, context.choice('need') === 'unlock' ? 'unlock' : 'reset')(context, name);
      }),
    },
  });
};

/** Asks for an account's name and for what is needed: an unlock signs no device out, a new password helps always. */
function nameForm({ t }: ComponentContext): ModalBuilder {
  const choices = (['reset', 'unlock'] as const).map((value) => ({ value, label: t(`link.name.${value}`) }));
  return form('link:name:me', t('help.whichAccount'), [
    { id: 'name', label: t('link.name.name'), hint: t('link.name.hint'), length: { min: 1, max: longestHere } },
    { id: 'need', label: t('link.name.need'), choices },
  ]);
}

function assertLinkable(who: PickedMember): void {
  if (who.isBot) throw new AppError('memberIsBot');
  if (!who.inServer) throw new AppError('memberUnknown');
}

/** Gives out a code, in an answer that changes when the code was confirmed, or is over. */
async function proofReply(proofs: Pick<LinkProofs, 'begin'>, { actor, t }: Context): Promise<Reply> {
  const { code, expiresAt, ended } = await proofs.begin(actor);
  return {
    answer: answer([t('link.proof.code', { code, at: seconds(expiresAt) })], colours.waiting),
    later: async (change) => {
      await change(endedAnswer(t, await ended));
    },
  };
}

/** Ends after which another code may do. */
const tryAgain: readonly string[] = ['expired', 'refused', 'bySignIn', 'failed'];

function endedAnswer(t: Translate, { outcome, accountName = '' }: ProofEnd): MessageBody {
  const sentence = t(`link.proof.${outcome}`, { account: escapeText(accountName) });
  if (outcome === 'linked' || outcome === 'already') return answer([sentence], colours.good);
  if (!tryAgain.includes(outcome)) return answer([sentence], colours.quiet);
  return answer([sentence, [{ id: 'link:prove:me', label: t('buttons.newCode'), style: 'primary' }]], colours.quiet);
}

/** Each is three components of the 40 that an answer may have. */
const accountsPerPage = 10;
const longestHere = 60;

/** The accounts without a member, each with a select of people in which the likely one stands already. */
async function firstLinks(
  t: Translate,
  free: readonly NamedAccount[],
  search: MemberSearch,
  wantedPage: number,
): Promise<Part[]> {
  const prove = proveButton(t);
  if (free.length === 0) return [t('link.free.none'), [prove]];
  const { page, pages, shown } = pageOf(free, wantedPage, accountsPerPage);
  const guesses = await Promise.all(shown.map(({ name }) => search.likely(name)));
  const rows = shown.flatMap(({ id, name }, at): Part[] => {
    const guess = guesses[at];
    // They may have taken the account's name for a nickname.
    const called = guess ? [`-# ${discordName(t, guess)}`] : [];
    return [
      [`**${escapeText(name, longestHere)}**`, ...called].join('\n'),
      { id: `link:to:${id}:${page}`, memberPlaceholder: t('link.free.who'), preset: guess?.id },
    ];
  });
  const buttons: Button[] = [
    ...turning(t, 'link:page:list', page, pages),
    { id: `link:as-shown:page:${page}`, label: t('buttons.linkAsShown'), style: 'success' },
    prove,
  ];
  return [t('link.free.heading', { count: free.length, page: page + 1, pages }), ...rows, buttons];
}
