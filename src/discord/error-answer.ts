import type { AppError, ErrorCode } from '../errors.js';
import type { Rank } from '../services/members/actor.js';
import type { Translate } from '../words.js';
import { answer, colours, type MessageBody } from './parts.js';
import { whichAccount } from './which-account.js';

/** What people who cannot sign in would otherwise take for a wrong password of theirs. */
const aboutServer: readonly ErrorCode[] = [
  'jellyfinUnreachable',
  'jellyfinTimeout',
  'jellyfinStarting',
  'jellyfinStartFailed',
  'jellyfinKeyRefused',
  'jellyfinKeyNotAdmin',
  'jellyfinNotJellyfin',
  'jellyfinWrongPath',
  'jellyfinNotSetUp',
  'jellyfinTooOld',
  'jellyfinBroken',
  'jellyfinRefused',
];

/** The sentence of an AppError; for helpers and admins also what they can do about it. */
export function errorAnswer(t: Translate, { code, params }: AppError, rank: Rank = 'member'): MessageBody {
  if (code === 'notLinked') return answer(whichAccount(t, rank), colours.waiting);
  const [sentence, ...fix] = t.withFix(code, params);
  const colour = isBroken(code) ? colours.bad : undefined;
  // What helps there takes an admin role.
  if (rank === 'helper' && code === 'adminAccount') return answer([sentence], colour);
  if (rank !== 'member') return answer([sentence, ...fix], colour);
  return answer(aboutServer.includes(code) ? [sentence, t('outage.notYourPassword')] : [sentence], colour);
}

/** Whether something does not work that should; all else only says what somebody may not, or need not do. */
function isBroken(code: ErrorCode): boolean {
  return code.startsWith('jellyfin') || broken.has(code);
}

const broken: ReadonlySet<ErrorCode> = new Set([
  ...(['databaseFull', 'discordTrouble', 'passwordUncertain', 'passwordNotTaken', 'passwordNotShown'] as const),
  ...(['answerLost', 'tryAgain'] as const),
]);

/** What a person is told of an unexpected error: only the reference to find it in the log. */
export function unexpectedAnswer(t: Translate, reference: string): MessageBody {
  return answer([t('errors.unexpected', { reference })], colours.bad);
}
