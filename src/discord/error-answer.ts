import type { AppError } from '../errors.js';
import type { Rank } from '../services/members/actor.js';
import type { Translate } from '../words.js';
import { answer, askLinkButton, colours, proveButton, type MessageBody } from './parts.js';

/** The sentence of an AppError, and for helpers and up what they can do about it. */
export function errorAnswer(t: Translate, { code, params }: AppError, rank: Rank = 'member'): MessageBody {
  const sentence = t(`errors.${code}`, params);
  if (code !== 'notLinked') {
    const fix = rank === 'member' ? undefined : t.fix(code, params);
    return answer(fix === undefined ? [sentence] : [sentence, fix], colours.bad);
  }
  // Members have ways to ask that do nothing for those who act at once. Proof comes first: it needs nobody else.
  const prove = { ...proveButton(t), style: 'primary' } as const;
  const ways = rank === 'admin' ? [prove] : [prove, askLinkButton(t)];
  return answer([rank === 'member' ? sentence : t(`help.notLinked.${rank}`), ways], colours.bad);
}

/** What a person is told of a fault of ours: nothing but the reference under which the log has it. */
export function unexpectedAnswer(t: Translate, reference: string): MessageBody {
  return answer([t('errors.unexpected', { reference })], colours.bad);
}
