import type { Channels } from './channels.js';
import { h, icon, renew } from './dom.js';
import { avatar } from './message.js';
import type { Words } from './words.js';

/** Draws the name of the channel that a phone shows. */
export function drawHeader(
  header: HTMLElement,
  channels: Channels,
  words: Words,
  here: string,
  { guild, openMembers }: { readonly guild: string; readonly openMembers: () => void },
): void {
  const isDirect = channels.isDirect(here);
  const name = channels.nameOf(here).slice(1);
  const members = { type: 'button', class: 'icon-button', 'aria-label': words.members, onclick: openMembers };
  const about = h('span', { class: 'guild-name' }, isDirect ? words.directMessages : guild);
  renew(
    header,
    isDirect ? avatar(name, true, 'small') : icon('hash'),
    h('h3', { class: 'channel-name' }, name, about),
    isDirect ? undefined : h('button', members, icon('people')),
  );
}

/** Draws the row of channels at the top of a phone; the focus stays where it was. */
export function drawPlaces(
  places: HTMLElement,
  channels: Channels,
  words: Words,
  here: string,
  show: (channel: string) => void,
): void {
  const buttons = channels.seen.map(({ id }) => {
    const isHere = id === here;
    const unread = isHere ? 0 : channels.unreadIn(id);
    const more = h('span', { class: 'out-of-sight' }, ` ${words.unread}`);
    return h(
      'button',
      {
        type: 'button',
        class: 'place',
        'aria-current': isHere ? 'page' : undefined,
        'data-channel': id,
        onclick: () => show(id),
      },
      icon(channels.isDirect(id) ? 'at' : 'hash'),
      h('span', {}, channels.nameOf(id).slice(1)),
      unread > 0 ? h('span', { class: 'badge' }, String(unread), more) : undefined,
    );
  });
  const focused = (document.activeElement as HTMLElement | null)?.dataset['channel'];
  const hadFocus = places.contains(document.activeElement);
  renew(places, buttons);
  if (hadFocus) places.querySelector<HTMLElement>(`[data-channel="${focused}"]`)?.focus();
}
