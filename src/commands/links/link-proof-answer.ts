import type { Context, Reply } from '../../discord/command.js';
import { escapeText } from '../../discord/escape.js';
import { answer, colours, type MessageBody, seconds } from '../../discord/parts.js';
import type { ProofEnd, LinkProofs } from '../../services/links/link-proofs.js';
import type { Translate } from '../../words.js';

/** Gives out a code, in an answer that changes when the code was confirmed, or is over. */
export async function proofReply(proofs: Pick<LinkProofs, 'begin'>, { actor, t }: Context): Promise<Reply> {
  const { code, expiresAt, ended } = await proofs.begin(actor);
  return {
    answer: answer([t('link.proof.code', { code, at: seconds(expiresAt) })], colours.waiting),
    later: async (change) => {
      await change(endedAnswer(t, await ended));
    },
  };
}

function endedAnswer(t: Translate, { outcome, accountName = '' }: ProofEnd): MessageBody {
  const sentence = t(`link.proof.${outcome}`, { account: escapeText(accountName) });
  if (outcome === 'linked' || outcome === 'already') return answer([sentence], colours.good);
  if (outcome !== 'expired' && outcome !== 'failed') return answer([sentence], colours.quiet);
  return answer([sentence, [{ id: 'link:prove:me', label: t('buttons.newCode'), style: 'primary' }]], colours.quiet);
}
