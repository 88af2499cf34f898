import { escapeText } from '../../discord/escape.js';
import { colours, notice, type MessageBody, type Button } from '../../discord/parts.js';
import type { Question } from '../../services/rescue/ladder/ports.js';
import type { RescueEnd } from '../../services/rescue/ladder/rescue.js';
import type { RescueMessages, RescueSentence, RescueView } from '../../services/rescue/rescue-port.js';
import type { SentencesFor, Translate } from '../../words.js';
import { RescueSentences } from './rescue-sentences.js';

/** What an embed's text may hold is 4096 characters; the newest steps matter most. */
const longestText = 3900;

const cautious: readonly Question[] = ['restart', 'enableDisabled', 'ownProvider', 'giveRight', 'unseen'];

/** A rescue in direct messages: ordinary messages, a plain sentence first. */
export class DiscordRescueMessages implements RescueMessages {
  constructor(
    private readonly sentencesFor: SentencesFor,
    /** How Latchkey's command line is typed here. */
    private readonly latchkey: string,
    private readonly startCommand: string | undefined,
  ) {}

  card(view: RescueView): MessageBody {
    const t = this.sentencesFor(view.actorId);
    const { accountName, question, stage } = view;
    const name = escapeText(accountName);
    const lead = question ? 'asking' : stage;
    const details = {
      colour: question ? colours.waiting : colours.quiet,
      title: t(view.steps.length === 0 ? 'rescueCard.plan' : 'rescueCard.steps'),
      text: this.#text(t, view),
    };
    return notice(t(`rescueCard.lead.${lead}`, { name }), details, question ? [buttons(t, view.id, question)] : []);
  }

  last(view: RescueView, end: RescueEnd, mayLeaveKey: boolean): MessageBody {
    const t = this.sentencesFor(view.actorId);
    const [first = '', ...more] = new RescueSentences(t, escapeText).end(end, this.startCommand);
    const isPinUnseen = end.pinIsPassword || end.pinOfOther !== undefined;
    const isGood = ['backIn', 'changed'].includes(end.outcome) && !end.leftStopped && !isPinUnseen;
    const colour = isGood ? colours.good : end.outcome === 'cancelled' ? colours.quiet : colours.bad;
    const why = view.unanswered === undefined ? [] : [t(`rescueCard.unanswered.${view.unanswered}`)];
    const key = mayLeaveKey ? [t('rescueCard.mayLeaveKey')] : [];
    const next = end.outcome === 'notYet' ? [t('rescueCard.next'), ...this.#byHand(t, view)] : [];
    const text = [...why, ...more, ...key, ...next].join('\n');
    return notice(first, text === '' ? undefined : { colour, text });
  }

  sentence(name: RescueSentence, view: Parameters<RescueMessages['sentence']>[1]): MessageBody {
    return notice(this.sentencesFor(view.actorId)(`rescueCard.${name}`, { name: escapeText(view.accountName) }));
  }

  cutShort(view: RescueView, { mayHaveSet, mayLeaveKey }: Parameters<RescueMessages['cutShort']>[1]): MessageBody {
    const t = this.sentencesFor(view.actorId);
    const more = [
      ...(mayHaveSet ? [t('rescueCard.mayHaveSet')] : []),
      ...(mayLeaveKey ? [t('rescueCard.mayLeaveKey')] : []),
    ];
    const details = more.length > 0 ? { colour: colours.bad, text: more.join('\n') } : undefined;
    return notice(t('rescueCard.cutShort', { name: escapeText(view.accountName) }), details);
  }

  leftStopped(accountName: string | undefined): MessageBody {
    const t = this.sentencesFor();
    const whose =
      accountName === undefined
        ? t('rescueCard.leftStopped.commandLine')
        : t('rescueCard.leftStopped.here', { name: escapeText(accountName) });
    const start =
      this.startCommand === undefined
        ? t('rescueCard.leftStopped.byHand')
        : t('rescueCard.leftStopped.by', { command: escapeText(this.startCommand) });
    return notice(`${whose} ${start}`);
  }

  unreadableRecord(file: string): MessageBody {
    return notice(this.sentencesFor()('rescueCard.unreadableRecord', { file: escapeText(file) }));
  }

  noRight({ accountName, actorId }: RescueView): MessageBody {
    const name = escapeText(accountName);
    return notice(this.sentencesFor()('rescueCard.noRight', { name, id: actorId }));
  }

  #text(t: Translate, view: RescueView): string {
    const sentences = new RescueSentences(t, escapeText);
    const { plan, steps, question } = view;
    const parts: string[] = [];
    if (plan && steps.length === 0) parts.push(...sentences.plan(plan), ...this.#byHand(t, view));
    parts.push(...steps.map((step) => `${marks[step.outcome]} ${sentences.step(step)}`));
    if (question?.name === 'knowsPassword') parts.push('', t('rescueCard.startHow'));
    else if (question) parts.push('', `**${sentences.question(question.name, question.params)}**`);
    const text = parts.join('\n');
    return text.length <= longestText ? text : `…${text.slice(text.length - longestText)}`;
  }

  /** Where nothing stops the server from here, the line that does it all is shown, and nothing is tried. */
  #byHand(t: Translate, { plan, accountName }: RescueView): string[] {
    if (!plan?.rungs.some(({ note, open }) => note === 'dbStopByHand' && !open)) return [];
    const rescue = `${this.latchkey} rescue ${shellWord(accountName)} --server-is-stopped`;
    const compose = `docker compose stop jellyfin && ${rescue}; docker compose start jellyfin`;
    const line = this.latchkey.startsWith('docker compose') ? compose : rescue;
    return ['', t('rescueCard.byHand'), `\`\`\`sh\n${line}\n\`\`\``];
  }
}

const marks = { begun: '⏳', done: '✅', nothing: '✅', failed: '❌' } as const;

function buttons(t: Translate, id: number, question: NonNullable<RescueView['question']>): Button[] {
  const { name, number } = question;
  const yes: Button = {
    id: `rescue:yes:${id}:${number}`,
    label: t(`rescueCard.yes.${name}`),
    style: cautious.includes(name) ? 'danger' : 'success',
  };
  const no = (label: string): Button => ({ id: `rescue:no:${id}:${number}`, label });
  if (name === 'plan') return [yes, no(t('rescueCard.no.plan'))];
  if (name !== 'knowsPassword') return [yes, no(t('rescueCard.no.other'))];
  const other: Button = {
    id: `rescue:new-password:${id}:${number}`,
    label: t('rescueCard.newPassword'),
    style: 'success',
  };
  return [yes, other, no(t('rescueCard.no.plan'))];
}

/** A name as the server's shell takes it; one that would end the code block is left for the person to fill in. */
function shellWord(name: string): string {
  if (/[`\p{Cc}]/u.test(name)) return 'NAME';
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
