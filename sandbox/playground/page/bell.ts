import type { Payload, SeenEntry, SeenNames } from '../shared.js';
import { fill, h, icon } from './dom.js';

/** How long the bar of a phone that rang stays. */
const shownMs = 6000;
const longest = 160;

/** The bar that comes down when a phone makes a sound: for a direct message, or where its owner is pinged. */
export class Bell {
  readonly element = h('div', { class: 'banner-place', 'aria-live': 'polite' });
  #rung = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `open`: shows the message that it rang for. */
  constructor(
    private readonly phone: HTMLElement,
    private readonly open: (id: string, entry: SeenEntry) => void,
  ) {}

  /** Takes what is there for known. */
  knows(ringing: readonly [string, SeenEntry][]): void {
    this.#rung = new Set(ringing.map(([id]) => id));
    this.hide();
  }

  /** Rings for what is new; `where` names a channel. */
  rings(ringing: readonly [string, SeenEntry][], names: SeenNames, where: (channel: string) => string): void {
    const fresh = ringing.filter(([id]) => !this.#rung.has(id));
    for (const [id] of fresh) this.#rung.add(id);
    const newest = fresh.at(-1);
    if (!newest) return;
    const [id, entry] = newest;
    const press = h(
      'button',
      {
        type: 'button',
        class: 'banner',
        onclick: () => {
          this.hide();
          this.open(id, entry);
        },
      },
      icon('bell'),
      h(
        'span',
        { class: 'banner-words' },
        h('strong', {}, where(entry.channel)),
        h('span', {}, preview(entry.message, names)),
      ),
    );
    fill(this.element, press);
    this.phone.classList.add('rings');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), shownMs);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.element.replaceChildren();
    this.phone.classList.remove('rings');
  }
}

/** What a lock screen shows of a message. */
function preview(message: Payload, { users, roles }: SeenNames): string {
  const embeds = (message['embeds'] as { title?: string; description?: string }[] | undefined) ?? [];
  const parts = [
    String(message['content'] ?? ''),
    ...embeds.flatMap(({ title, description }) => [title ?? '', description ?? '']),
  ];
  return (parts.find((part) => part !== '') ?? '')
    .replace(/\|\|[\s\S]+?\|\|/g, '▒▒▒▒▒▒')
    .replace(/<@&(\d+)>/g, (_all, id: string) => `@${roles[id] ?? '?'}`)
    .replace(/<@!?(\d+)>/g, (_all, id: string) => `@${users[id] ?? '?'}`)
    .replace(/<\/([-_'\p{L}\p{N} ]+):\d+>/gu, '/$1')
    .replace(/[*_`\\]/g, '')
    .slice(0, longest);
}
