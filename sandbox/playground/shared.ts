/** What the page and its server say to each other; types only, as both sides have them. */

/** Anything that a message or a command of Discord may hold. */
export type Payload = Record<string, unknown>;

export type RoleName = 'member' | 'helper' | 'admin' | 'stranger';

export interface SeenPerson {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  readonly locale: string;
  readonly refusesMessages: boolean;
  /** Their direct messages with the bot. */
  readonly directChannel: string;
}

export interface SeenChannel {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly seenBy: readonly string[];
}

/** A message as Discord's API shows it, and who has it on their screen. */
export interface SeenEntry {
  readonly message: Payload;
  readonly channel: string;
  readonly seenBy: readonly string[];
  /** Whose phone made a sound for it. */
  readonly rings: readonly string[];
  readonly ephemeral: boolean;
  /** The name that stands over an answer: who used which command. */
  readonly answers?: { readonly who: string; readonly command: string };
}

/** Something that a person did and that the bot has not answered, or did not answer in time. */
export interface OpenAct {
  readonly who: string;
  readonly channel: string;
  readonly message?: string;
  readonly customId?: string;
  readonly command?: string;
  readonly state: 'pending' | 'failed';
}

export interface SeenTelevision {
  readonly code?: string;
  /** How the last try to sign in went: 200, 401 or 403; 0 where Jellyfin did not answer. */
  readonly last?: { readonly account: string; readonly status: number };
  /** The account that is signed in on it. */
  readonly account?: string;
  readonly signedIn: readonly { readonly user: string; readonly device: string; readonly app: string }[];
  readonly accounts: readonly string[];
}

export interface SeenTrouble {
  readonly jellyfin: 'runs' | 'down' | 'slow' | 'starting';
  readonly discordSlow: boolean;
  readonly keyDeleted: boolean;
  readonly botRuns: boolean;
}

export interface SeenHousehold {
  readonly state: 'starting' | 'ready' | 'busy' | 'failed';
  /** What it is busy with, or why it failed. */
  readonly words?: string;
  readonly version: string;
  readonly versions: readonly string[];
  readonly aheadMs: number;
  readonly jellyfinUrl: string;
  /** Where a bot speaks to Discord here. */
  readonly discordUrl: string;
}

/** Names for ids, for mentions and pickers. */
export interface SeenNames {
  readonly guild: string;
  readonly guildId: string;
  readonly botId: string;
  readonly users: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, string>>;
}

export type SeenCue =
  | {
      readonly kind: 'types';
      readonly who: string;
      readonly line: string;
      readonly options: Readonly<Record<string, { readonly value: string; readonly shown: string }>>;
    }
  | {
      readonly kind: 'presses';
      readonly who: string;
      readonly label: string;
      readonly message: string;
      readonly channel: string;
    }
  | { readonly kind: 'fills in'; readonly who: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'signs in'; readonly words: string; readonly account: string; readonly password: string }
  | { readonly kind: 'asks for a code' }
  | { readonly kind: 'happens'; readonly words: string };

export interface ToldLine {
  readonly kind: 'says' | 'did' | 'proved';
  readonly text: string;
}

export interface SeenStory {
  readonly id: string;
  readonly title: string;
  readonly state: 'preparing' | 'your turn' | 'waiting' | 'over' | 'failed';
  readonly told: readonly ToldLine[];
  readonly cue?: SeenCue;
  readonly why?: string;
  /** What somebody looks at by now. */
  readonly looks?: { readonly who: string; readonly channel: string; readonly message: string; readonly nth: number };
}

export interface StoryTitle {
  readonly id: string;
  readonly title: string;
}

/** What went on behind the scenes since one act. */
export interface BehindAct {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly BehindLine[];
}

export interface BehindLine {
  readonly from: 'Jellyfin' | 'Discord' | 'log' | 'database';
  readonly text: string;
  /** After the act. */
  readonly afterMs: number;
  readonly tookMs?: number;
  readonly status?: number;
}

/** Everything that the page shows, one entry a key; a message is `message:<id>`, an open act `act:<id>`. */
export type State = Map<string, unknown>;

/** What changed. */
export interface Patch {
  readonly set: Readonly<Record<string, unknown>>;
  readonly drop: readonly string[];
  /** The first of a connection, or of another household: what is not in it is gone. */
  readonly whole?: boolean;
}

/** What a person does on their phone. */
export type Act =
  | {
      readonly kind: 'command';
      readonly line: string;
      readonly options: Readonly<Record<string, string | boolean>>;
      readonly in: string;
    }
  | { readonly kind: 'menu'; readonly command: string; readonly target: string; readonly in: string }
  | { readonly kind: 'use'; readonly message: string; readonly customId: string; readonly values: readonly string[] }
  | { readonly kind: 'modal'; readonly opened: string; readonly fields: Readonly<Record<string, string | string[]>> }
  | {
      readonly kind: 'complete';
      readonly line: string;
      readonly option: string;
      readonly words: string;
      readonly filled: Readonly<Record<string, string>>;
      readonly in: string;
    }
  | { readonly kind: 'says'; readonly words: string; readonly in: string }
  | { readonly kind: 'dismiss'; readonly message: string };

export interface ActAnswer {
  readonly error?: string;
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
  readonly modal?: { readonly opened: string; readonly title: string; readonly components: readonly Payload[] };
}

/** A story as it was once played: everything that the page was told, from its first act to its end. */
export interface Recording {
  readonly id: string;
  readonly title: string;
  readonly frames: readonly Frame[];
}

export interface Frame {
  /** The household's time. */
  readonly at: number;
  readonly patch: Patch;
}
