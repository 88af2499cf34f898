import { AppError, ignoreAppError, only } from '../../errors.js';
import { minuteMs } from '../../time.js';
import { readAddress } from '../../config/readers.js';
import type { Draft, Step, Surroundings } from '../draft.js';
import { findByTyped, lookAt, type FoundServer } from '../jellyfin-side.js';
import type { Choice } from '../ui.js';

/** Where the bot reaches Jellyfin: found on the network, or typed. */
export const askJellyfin: Step = async (draft, around) => {
  const { ui, t, before } = around;
  const found = await ui.busy(() => candidates(around), t('setup.jellyfin.looking'));
  const known: Choice<FoundServer | undefined>[] = found.map((value) => ({
    value,
    label: `${value.name}, ${value.url}`,
    hint: `Jellyfin ${value.version}`,
  }));
  const initial = found.find(({ url }) => url === before.JELLYFIN_URL) ?? found[0];
  const other = { value: undefined, label: t('setup.jellyfin.other') };
  const picked = found.length > 0 ? await ui.pick(t('setup.jellyfin.ask'), [...known, other], initial) : undefined;
  if (picked) draft.jellyfin = picked;
  else await askTyped(draft, around);
  const { name, version, url, clockAheadMs = 0 } = draft.jellyfin;
  ui.good(t('setup.jellyfin.found', { name, version, url }));
  if (Math.abs(clockAheadMs) > minuteMs)
    ui.warn(t('setup.jellyfin.clock', { minutes: Math.round(Math.abs(clockAheadMs) / minuteMs) }));
  return true;
};

async function candidates({ before, discover }: Surroundings): Promise<FoundServer[]> {
  const address = before.JELLYFIN_URL;
  const [kept, found] = await Promise.all([address ? lookAt(address).catch(ignoreAppError) : undefined, discover()]);
  return kept ? [kept, ...found.filter(({ url, id }) => url !== kept.url && (!id || id !== kept.id))] : found;
}

async function askTyped(draft: Draft, { ui, t, before }: Surroundings): Promise<void> {
  await ui.text({
    message: t('setup.jellyfin.type'),
    initial: () => before.JELLYFIN_URL,
    check: async (text) => {
      try {
        const found = await findByTyped(text);
        if (!found) return t('setup.jellyfin.noAddress');
        draft.jellyfin = found;
      } catch (error) {
        return whyNot(t, error);
      }
    },
  });
}

/** The address that people open, for their messages. It may not be reachable from inside the house. */
export const askPublicUrl: Step = async (draft, { ui, t, before }) => {
  let refused: string | undefined;
  draft.publicUrl = undefined;
  await ui.text({
    message: t('setup.public.ask'),
    initial: () => refused ?? before.JELLYFIN_PUBLIC_URL ?? (isOwn(draft.jellyfin.url) ? '' : draft.jellyfin.url),
    check: async (text) => {
      if (text === '' || text === '-') return undefined;
      const again = refused === text ? readAddress(text) : undefined;
      refused = text;
      if (again !== undefined) return void (draft.publicUrl = again);
      try {
        const found = await findByTyped(text);
        if (!found) return t('setup.jellyfin.noAddress');
        const { name, url, id } = found;
        if (id !== draft.jellyfin.id) return t('setup.public.another', { name, url, own: draft.jellyfin.url });
        draft.publicUrl = url;
      } catch (error) {
        return `${whyNot(t, error)} ${t('setup.public.again')}`;
      }
    },
  });
  if (draft.publicUrl) ui.good(t('setup.public.found', { url: draft.publicUrl }));
  return true;
};

/** An address that means another computer on each. */
const isOwn = (url: string): boolean => /^(localhost|127\.|\[::1\]|jellyfin$)/.test(new URL(url).hostname);

/** What a set-up says in words of its own: elsewhere it is said to members, or of a setting by its name. */
const troubles = [
  ...(['jellyfinUnreachable', 'jellyfinNotJellyfin', 'jellyfinWrongPath', 'jellyfinTooOld'] as const),
  ...(['jellyfinNotSetUp', 'jellyfinKeyRefused', 'jellyfinKeyNotAdmin', 'quickConnectOff', 'codeExpired'] as const),
  ...(['nameUnknown', 'refused', 'ownContainer', 'certSelfSigned', 'certOtherName', 'httpsToHttp'] as const),
  ...(['httpToHttps', 'sentToHttps', 'gateway'] as const),
];

/** Why an address is none of a Jellyfin that can be used. */
export function whyNot(t: Surroundings['t'], error: unknown): string {
  const { code, params } = only(AppError, error);
  const { kind } = params;
  const trouble = troubles.find((each) => each === (kind ?? code));
  if (trouble) return t(`setup.jellyfin.trouble.${trouble}`, params);
  const said = t.withFix(code, params);
  // Where it is known why, that is all there is to say.
  return (kind === undefined ? said : said.slice(-1)).join(' ');
}
