import { type Env, withValues } from '../settings-text.js';
import type { Draft, Owner } from './draft.js';
import { endSession } from './steps/key.js';

/** What becomes of a set-up's answers outside of it. */
export interface Finishing {
  /** The settings from before, secrets that lie in files of their own included, and what of them `.env` says. */
  readonly before: Env;
  readonly file: Env;
  /** The text of `.env`, or of its example where there is none yet. Throws the system's error. */
  readonly read: () => string;
  readonly locale: string;
  /** Writes the whole file. Throws the system's error. */
  readonly write: (text: string) => void;
  /** Deletes a key that was made in vain, by itself, and sees that it is gone. Throws AppError. */
  readonly deleteKey: (key: string) => Promise<void>;
  /** Links a member to the administrator's account that was proved. */
  readonly link: (owner: Owner, key: string) => Promise<void>;
}

/** A key was made, cannot be kept, and was not seen to be deleted: Jellyfin may still take it. `cause` says why it cannot be kept. */
export class KeyLeft extends Error {
  override readonly name = 'KeyLeft';

  constructor(
    cause: unknown,
    readonly left: unknown,
  ) {
    super('an API key was made in vain, and is still there', { cause });
  }
}

/** What went wrong when the settings were written already; they are good without it. */
interface Failed {
  readonly what: 'link' | 'signOut';
  readonly why: string;
}

/**
 * Makes the key, writes `.env`, links the owner, and signs the set-up's session out, which it does whatever happens. A
 * key that cannot be kept is deleted. Throws AppError or the system's error with nothing changed, or KeyLeft.
 */
export async function finish(draft: Draft, finishing: Finishing) {
  const failed: Failed[] = [];
  const note = (what: Failed['what']) => (error: Error) => void failed.push({ what, why: error.message });
  try {
    const key = draft.session ? await draft.session.makeKey() : (draft.key ?? '');
    const values = valuesOf(draft, key, finishing);
    try {
      finishing.write(withValues(finishing.read(), values));
    } catch (error) {
      if (!draft.session) throw error;
      await finishing.deleteKey(key).catch((left: unknown) => {
        throw new KeyLeft(error, left);
      });
      throw error;
    }
    if (draft.owner) await finishing.link(draft.owner, key).catch(note('link'));
    return { failed, values, key };
  } finally {
    await endSession(draft).catch(note('signOut'));
  }
}

/** A secret that a file of its own held, and is another now, is written to `.env`; two places would be one too many. */
function valuesOf(draft: Draft, key: string, { before, file, locale }: Finishing): Env {
  const secret = (name: string, value: string): Env => {
    const elsewhere = `${name}_FILE`;
    if (before[elsewhere] === undefined) return { [name]: value };
    return value === before[name] ? {} : { [elsewhere]: undefined, [name]: value };
  };
  return {
    ...secret('DISCORD_TOKEN', draft.token),
    DISCORD_GUILD_ID: draft.server.id,
    DISCORD_ADMIN_ROLE_IDS: draft.adminRoleIds.join(','),
    DISCORD_ADMIN_CHANNEL_ID: draft.channelId,
    JELLYFIN_URL: draft.jellyfin.url,
    ...secret('JELLYFIN_API_KEY', key),
    DISCORD_HELPER_ROLE_IDS: draft.helperRoleIds.join(',') || undefined,
    JELLYFIN_PUBLIC_URL: draft.publicUrl,
    ...draft.rescue,
    ...(file.LATCHKEY_LOCALE === undefined && locale !== 'en' ? { LATCHKEY_LOCALE: locale } : {}),
  };
}
