import type { Migration } from '../migrate.js';
import { firstTables } from './001-first-tables.js';
import { rescues } from './002-rescues.js';
import { accountWords } from './003-account-words.js';
import { tempPasswordsFollowed } from './004-temp-passwords.js';
import { lockouts } from './005-lockouts.js';
import { linking } from './006-linking.js';
import { history } from './007-history.js';
import { standingCards } from './008-standing-cards.js';
import { lockoutsAgain } from './009-lockouts-again.js';
import { standingCardsRemoving } from './010-standing-cards-removing.js';
import { ownerNotices } from './011-owner-notices.js';
import { standingCardsPin } from './012-standing-cards-pin.js';
import { outbox } from './013-outbox.js';
import { lockoutsUnconfirmed } from './014-lockouts-unconfirmed.js';
import { howLinksWereMade } from './015-how-links-were-made.js';
import { deviceSignIns } from './016-device-sign-ins.js';
import { countedRefusals } from './017-counted-refusals.js';
import { memberNames } from './018-member-names.js';
import { locksThatEnd } from './020-locks-that-end.js';
import { moreKindsOfRequests } from './021-more-kinds-of-requests.js';
import { passes } from './022-passes.js';
import { lockoutsCheckedElsewhere } from './024-lockouts-checked-elsewhere.js';
import { outages } from './027-outages.js';
import { denialReasons } from './028-denial-reasons.js';
import { rescuesThatKeepPasswords } from './029-rescues-that-keep-passwords.js';
import { lockoutsDecidedElsewhere } from './030-lockouts-decided-elsewhere.js';
import { announcementsThatEnd } from './031-announcements-that-end.js';
import { whoTookALinkAway } from './032-who-took-a-link-away.js';
import { proofsOfAdministrators } from './033-proofs-of-administrators.js';
import { columnsThatNobodyRead } from './034-columns-that-nobody-read.js';

/** Every change of the database's shape, oldest first; append only. */
export const migrations: readonly Migration[] = [
  firstTables,
  rescues,
  accountWords,
  tempPasswordsFollowed,
  lockouts,
  linking,
  history,
  standingCards,
  lockoutsAgain,
  standingCardsRemoving,
  ownerNotices,
  standingCardsPin,
  outbox,
  lockoutsUnconfirmed,
  howLinksWereMade,
  deviceSignIns,
  countedRefusals,
  memberNames,
  locksThatEnd,
  moreKindsOfRequests,
  passes,
  lockoutsCheckedElsewhere,
  outages,
  denialReasons,
  rescuesThatKeepPasswords,
  lockoutsDecidedElsewhere,
  announcementsThatEnd,
  whoTookALinkAway,
  proofsOfAdministrators,
  columnsThatNobodyRead,
];
