import { readAddress } from '../../config/readers.js';
import { AppError, ignoreAppError, troubleOf } from '../../errors.js';
import type { SignedIn } from '../../services/rescue/ladder/ports.js';
import type { Draft, Step, Surroundings } from '../draft.js';
import type { JellyfinSide } from '../jellyfin-side.js';
import { Leaving } from '../ui.js';
import { fromDiscord } from './discord.js';
import { whyNot } from './jellyfin.js';

type Way = 'code' | 'password' | 'key';

/** An administrator of Jellyfin says yes to a key of its own for Latchkey: by a code, a password, or a key they made. */
export const askKey: Step = async (draft, around) => {
  const { ui, t, before, jellyfinSide } = around;
  const { JELLYFIN_URL: urlBefore = '' } = before;
  const side = jellyfinSide(draft.jellyfin.url);
  await leaveSession(draft, around);
  draft.key = undefined;
  // To look whether it works is to send it: at another address anybody may listen, as the network names servers unproved.
  const isSameAddress = readAddress(urlBefore) === readAddress(draft.jellyfin.url);
  const kept = isSameAddress ? before.JELLYFIN_API_KEY : undefined;
  if (kept && (await ui.busy(() => works(side, kept))) && (await ui.confirm(t('setup.key.keep')))) {
    draft.key = kept;
    return true;
  }
  let way: Way = 'code';
  for (;;) {
    let next = way;
    try {
      if (await ways[way](draft, around, side)) return true;
    } catch (error) {
      if (way === 'code') next = 'password';
      if (error instanceof AppError) ui.warn(whyNot(t, error));
      // From the code one goes back to the other ways first.
      else if (!(error instanceof Leaving) || error.wish === 'stop') throw error;
    }
    way = await otherWay(around, next);
  }
};

function otherWay({ ui, t }: Surroundings, initial: Way): Promise<Way> {
  const names: readonly Way[] = ['code', 'password', 'key'];
  const choices = names.map((value) => ({ value, label: t(`setup.key.way.${value}`) }));
  return ui.pick(t('setup.key.askWay'), choices, initial);
}

/** True when the draft has what it takes. Throws Leaving or AppError. */
const ways: Readonly<Record<Way, (draft: Draft, around: Surroundings, side: JellyfinSide) => Promise<boolean>>> = {
  code: async (draft, around, side) => {
    const { ui, t } = around;
    const { code, secret } = await ui.busy(side.begin);
    const { url } = draft.jellyfin;
    ui.say(t('setup.key.code', { code, url: `${draft.publicUrl ?? url}/web/#/quickconnect` }));
    try {
      await ui.waitFor(t('setup.key.wait'), async () => (await side.isConfirmed(secret)) || undefined);
    } catch (error) {
      if (error instanceof AppError && error.code === 'codeExpired') return ways.code(draft, around, side);
      // It may have been confirmed in the moment in which somebody stopped.
      if (error instanceof Leaving) await side.open(secret).then((session) => session.signOut(), ignoreAppError);
      throw error;
    }
    return accepted(draft, around, await opened(around, side.open(secret)));
  },
  password: async (draft, around, side) => {
    const { ui, t } = around;
    const name = await ui.text({ message: t('setup.key.name') });
    const password = await ui.secret({ message: t('setup.key.password', { name }) });
    return accepted(draft, around, await opened(around, side.signIn(name, password)));
  },
  key: async (draft, { ui, t }, side) => {
    await ui.secret({
      message: t('setup.key.paste'),
      check: async (key) => {
        try {
          if (!/^[\x21-\x7e]+$/.test(key)) return t('setup.key.noKey');
          await side.withKey(key).jellyfin.serverInfo();
          draft.key = key;
        } catch (error) {
          return whyNot(t, error);
        }
      },
    });
    ui.good(t('setup.key.works'));
    return true;
  },
};

/** A session that is opened while somebody stops is signed out again. */
async function opened({ ui }: Surroundings, opening: Promise<SignedIn>): Promise<SignedIn> {
  try {
    return await ui.busy(() => opening);
  } catch (error) {
    if (error instanceof Leaving) await opening.then((session) => session.signOut(), ignoreAppError);
    throw error;
  }
}

async function accepted(draft: Draft, around: Surroundings, session: SignedIn): Promise<boolean> {
  const { ui, t } = around;
  const { name } = session;
  draft.session = session;
  if (session.isAdministrator) {
    ui.good(t('setup.key.confirmed', { name }));
    return true;
  }
  ui.warn(t('setup.key.notAdministrator', { name }));
  await leaveSession(draft, around);
  return false;
}

/** The same where something else is to be done next: says what is left where it cannot be done. */
export async function leaveSession(draft: Draft, { ui, t }: Pick<Surroundings, 'ui' | 't'>): Promise<void> {
  try {
    await endSession(draft);
  } catch (error) {
    ui.warn(t('setup.failed.signOut', { why: whyNot(t, error) }));
  }
}

/** Signs out what was signed in for the set-up. Throws AppError. */
export async function endSession(draft: Pick<Draft, 'session'>): Promise<void> {
  const { session } = draft;
  draft.session = undefined;
  await session?.signOut();
}

async function works(side: JellyfinSide, key: string): Promise<boolean> {
  return (await troubleOf(side.withKey(key).jellyfin.serverInfo())) === undefined;
}

/** Whose account it is that just proved itself: the application's owner, who is to be linked to it. */
export const askOwner: Step = async (draft, around) => {
  const { ui, t } = around;
  const { session, application, discord, server } = draft;
  draft.owner = undefined;
  if (!session) return false;
  const looks = await fromDiscord(around, () =>
    Promise.all(
      application.owners.map(async (owner) => ({ owner, ...(await discord.membership(server.id, owner.id)) })),
    ),
  );
  const { accountId, name: account } = session;
  const here = looks.filter(({ isMember }) => isMember).map(({ owner }) => ({ ...owner, accountId }));
  const [first] = here;
  if (!first) {
    ui.say(t('setup.owner.later', { account }));
    return false;
  }
  if (here.length === 1) {
    if (await ui.confirm(t('setup.owner.ask', { member: first.name, account }))) draft.owner = first;
    return true;
  }
  const choices = here.map((value) => ({ value, label: value.name }));
  const nobody = { value: undefined, label: t('setup.owner.nobody') };
  draft.owner = await ui.pick(t('setup.owner.askWhich', { account }), [...choices, nobody], first);
  return true;
};
