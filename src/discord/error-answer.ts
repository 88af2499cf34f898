import type { AppError } from '../errors.js';
import type { Rank } from '../services/members/actor.js';
import type { Translate } from '../words.js';
import { answer, askLinkButton, colours, proveButton, type MessageBody } from './parts.js';

/** The sentence of an AppError; for helpers and admins also what they can do about it. */
export function errorAnswer(t: Translate, { code, params }: AppError, rank: Rank = 'member'): MessageBody {
  const [sentence, ...fix] = t.withFix(code, params);
  if (code !== 'notLinked') return answer(rank === 'member' ? [sentence] : [sentence, ...fix], colours.bad);
  // Only members are offered to ask. The proof comes first, as it needs nobody else.
  const prove = { ...proveButton(t), style: 'primary' } as const;
  const ways = rank === 'admin' ? [prove] : [prove, askLinkButton(t)];
  return answer([rank === 'member' ? sentence : t(`help.notLinked.${rank}`), ways], colours.bad);
}

/** What a person is told of an unexpected error: only the reference to find it in the log. */
export function unexpectedAnswer(t: Translate, reference: string): MessageBody {
  return answer([t('errors.unexpected', { reference })], colours.bad);
}
