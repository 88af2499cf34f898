import type { Params } from '../../errors.js';
import { escapeText } from '../../discord/escape.js';
import { answer, colours, type MessageBody, seconds } from '../../discord/parts.js';
import { requestButtonId } from '../../services/requests/request-messages.js';
import { isByName, type Request } from '../../services/requests/request.js';
import type { Asked } from '../../services/requests/requests.js';
import type { Translate } from '../../words.js';

/** What somebody hears who has just asked, or asks again; `why` it had to be asked for comes first. */
export function askedAnswer(t: Translate, { request, isNew }: Asked, why?: string): MessageBody {
  if (request.state === 'approved' && request.delivery === 'button') {
    const show = { id: requestButtonId.show(request.id), label: t('buttons.showPassword'), style: 'primary' } as const;
    return answer([t('told.approved', { account: escapeText(request.accountName) }), [show]], colours.waiting);
  }
  if (request.state === 'approved') return answer([t('asked.approved')], colours.waiting);
  const params = { name: escapeText(request.accountName), at: seconds(request.createdAt) };
  const sentence = isNew ? newSentence(t, request, params) : againSentence(t, request, params);
  const said = why === undefined ? [sentence] : [why, sentence];
  return answer([...said, [{ id: `requests:cancel:${request.id}`, label: t('buttons.cancel') }]], colours.waiting);
}

function newSentence(t: Translate, request: Request, params: Params): string {
  return isByName(request) ? t(`asked.byName.${request.kind}`, params) : t(`asked.${request.kind}`, params);
}

/** One that names an account waits whatever name is given this time: its asker is told which one it was. */
function againSentence(t: Translate, request: Request, params: Params): string {
  return isByName(request) ? t('asked.againByName', params) : t('asked.again', params);
}
