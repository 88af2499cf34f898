/** What can go wrong in a way that a person can be told about; each has its sentences in the locales under `errors`. */
export const errorCodes = [
  'notAllowed',
  'notInServer',
  'otherServer',
  'tryAgain',
  'accountUnknown',
  'accountGone',
  'accountNotYours',
  'adminAccount',
  'disabledByAdmin',
  'notLocked',
  'notLinked',
  'tooManyRequests',
  'tooOften',
  'requestGone',
  'requestDecided',
  'requestDecidedBy',
  'requestNotYours',
  'notCollected',
  'passwordOld',
  'linkGone',
  'resetWaiting',
  'requestNewer',
  'passwordBeingShown',
  'answerLost',
  'cardOutdated',
  'memberNotLinked',
  'accountAmbiguous',
  'linkNeedsBoth',
  'memberUnknown',
  'memberIsBot',
  'alreadyLinked',
  'linkAdminAccount',
  'linkUnknown',
  'passwordNotShown',
  'discordTrouble',
  'jellyfinUnreachable',
  'jellyfinTimeout',
  'jellyfinStarting',
  'jellyfinKeyRefused',
  'jellyfinKeyNotAdmin',
  'jellyfinNotJellyfin',
  'jellyfinWrongPath',
  'jellyfinTooOld',
  'jellyfinRefused',
  'jellyfinBroken',
  'jellyfinNotApplied',
  'jellyfinNotSetUp',
  'passwordUncertain',
  'databaseFull',
  'pinRefused',
  'pinNotMade',
  'pinNotWritten',
  'pinOld',
  'pinUnreadable',
  'pinNotYours',
  'pinExpired',
  'pinFilesBroken',
  'folderUnreadable',
  'folderNotWritableHere',
  'signInRefused',
  'signInForbidden',
  'restartRefused',
  'rescueNotYours',
  'rescueOrdinary',
  'rescueRunning',
  'rescueNeedsDm',
  'rescueOver',
  'rescueAnswered',
  'rescueStopping',
  'keyNotSaved',
  'keyFromEnvironment',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Values that fill the placeholders of a sentence. */
export type Params = Readonly<Record<string, string | number>>;

/** The only error whose message a person may see: a code that the locales turn into a sentence, and what fills it. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    readonly params: Params = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}
