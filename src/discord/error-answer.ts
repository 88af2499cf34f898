import type { AppError } from '../errors.js';
import type { Actor, Rank } from '../services/members/actor.js';
import type { Translate, Words } from '../words.js';
import { askLinkButton, proveButton } from './link-buttons.js';
import { answer, colours, type MessageBody, type Button } from './parts.js';

/** The sentence of an AppError, and for helpers and up what they can do about it. */
export function errorAnswer(t: Translate, words: Words, error: AppError, actor: Actor | undefined): MessageBody {
  const rank = actor?.rank ?? 'member';
  const isUnlinked = error.code === 'notLinked';
  // Members have ways to ask that do nothing for those who act at once.
  const sentences =
    isUnlinked && rank !== 'member'
      ? [t(`help.notLinked.${rank}`)]
      : errorSentences(t, words, error.code, error.params, rank !== 'member');
  const wayOut: Button[] = isUnlinked ? waysToBeLinked(t, rank) : [];
  return answer([...sentences, ...(wayOut.length > 0 ? [wayOut] : [])], colours.bad);
}

/** Proof first: it needs nobody else. An admin need ask no admin. */
function waysToBeLinked(t: Translate, rank: Rank): Button[] {
  const prove: Button = { ...proveButton(t), style: 'primary' };
  return rank === 'admin' ? [prove] : [prove, askLinkButton(t)];
}

/** What a person is told of a failure; the second sentence is for those who can mend it. */
function errorSentences(
  t: Translate,
  words: Words,
  code: AppError['code'],
  params: AppError['params'],
  canMend: boolean,
): string[] {
  const sentences = [t(`errors.${code}`, params)];
  if (canMend && words.hasFix(code)) sentences.push(t(`fixes.${code}`, params));
  return sentences;
}

/** What a person is told of a fault of ours: nothing but the reference under which the log has it. */
export function unexpectedAnswer(t: Translate, reference: string): MessageBody {
  return answer([t('errors.unexpected', { reference })], colours.bad);
}
