import type { AppError } from '../errors.js';
import { helps, type Actor } from '../services/actor.js';
import type { Translate, Words } from '../words.js';
import { answer, colours, type Answer, type Button } from './parts.js';

/** The sentence of an AppError, and for helpers and up what they can do about it. */
export function errorAnswer(t: Translate, words: Words, error: AppError, actor: Actor | undefined): Answer {
  const sentences = errorSentences(t, words, error.code, error.params, actor !== undefined && helps(actor));
  const wayOut: Button[] = error.code === 'notLinked' ? waysToBeLinked(t) : [];
  return answer([...sentences, ...(wayOut.length > 0 ? [wayOut] : [])], colours.bad);
}

/** Proof first: it needs nobody else. */
function waysToBeLinked(t: Translate): Button[] {
  return [
    { id: 'link:prove:me', label: t('buttons.proveLink'), style: 'primary' },
    { id: 'link:ask:me', label: t('buttons.askLink') },
  ];
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
export function unexpectedAnswer(t: Translate, reference: string): Answer {
  return answer([t('errors.unexpected', { reference })], colours.bad);
}
