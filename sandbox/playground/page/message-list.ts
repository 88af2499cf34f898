import type { OpenAct, Payload, SeenEntry } from '../shared.js';
import { h } from './dom.js';
import { moment } from './markdown.js';
import { drawMessage, showOpenAct, stamp, type MessageHost } from './message.js';

/** Messages of one author within so long stand under one name. */
const togetherMs = 420_000;
/** How near to its end a list counts as read, in pixels. */
const nearEnd = 80;

interface Drawn {
  readonly element: HTMLElement;
  /** An entry that has changed is another object. */
  readonly entry: SeenEntry;
  readonly isMore: boolean;
}

/** The messages of one channel, drawn anew only where they have changed. */
export class MessageList {
  readonly #drawn = new Map<string, Drawn>();
  readonly #list = h('ol', { class: 'messages' });
  readonly element = h('div', { class: 'message-scroll', tabindex: '0', role: 'log' }, this.#list);

  #wasAtEnd = true;

  constructor(private readonly hostOf: (message: Payload) => MessageHost) {
    this.element.addEventListener('scroll', () => (this.#wasAtEnd = this.isAtEnd), { passive: true });
    // Where there is less room than before, the end stays in sight.
    new ResizeObserver(() => this.#wasAtEnd && this.toEnd()).observe(this.element);
  }

  /** Forgets everything: another channel, another person, or another language. */
  clear(): void {
    this.#drawn.clear();
    this.#list.replaceChildren();
  }

  /** Draws these messages, oldest first; `nothing` stands where there are none. Stays at the end where it was there. */
  draw(entries: readonly [string, SeenEntry][], nothing: string): void {
    const wasAtEnd = this.isAtEnd;
    const here = new Set(entries.map(([id]) => id));
    for (const [id, { element }] of this.#drawn) {
      if (here.has(id)) continue;
      element.remove();
      this.#drawn.delete(id);
    }
    let after: Element | null = null;
    for (const [n, [id, entry]] of entries.entries()) {
      const element: Element = this.#element(id, entry, follows(entries[n - 1]?.[1], entry));
      const place: Element | null = after ? after.nextElementSibling : this.#list.firstElementChild;
      if (place !== element) this.#list.insertBefore(element, place);
      after = element;
    }
    this.#list.dataset['empty'] = entries.length === 0 ? nothing : '';
    if (wasAtEnd) this.toEnd();
  }

  /** Shows what the bot has not answered yet, or not in time, by the ids of the acts. */
  drawOpenActs(acts: readonly [string, OpenAct][], channel: string, { words, botId, nameOf }: MessageHost): void {
    for (const [id, { element }] of this.#drawn) {
      const act = acts.findLast(([, { message }]) => message === id)?.[1];
      showOpenAct(element, act, words.failed);
    }
    const wasAtEnd = this.isAtEnd;
    for (const each of this.#list.querySelectorAll('.message-failed')) each.remove();
    for (const [id, act] of acts) {
      if (act.channel !== channel || act.message !== undefined) continue;
      const [name, said] =
        act.state === 'failed' ? ['failure', words.noAnswer] : ['thinking', `${nameOf(botId) ?? ''} ${words.thinking}`];
      const line = h(
        'li',
        { class: 'message message-failed' },
        h('div', { class: 'answers' }, act.command),
        h('div', { class: name }, said),
      );
      const later = [...this.#drawn].find(([message]) => isLater(message, id))?.[1].element ?? null;
      this.#list.insertBefore(line, later);
    }
    if (wasAtEnd) this.toEnd();
  }

  get isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < nearEnd;
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
    this.#wasAtEnd = true;
  }

  message(id: string): HTMLElement | undefined {
    return this.#drawn.get(id)?.element;
  }

  /** A control of a message, by its label. */
  control(message: string, label: string): HTMLElement | undefined {
    const controls = this.message(message)?.querySelectorAll<HTMLElement>('[data-label]') ?? [];
    return [...controls].find((each) => each.dataset['label'] === label);
  }

  /** Brings up to date what depends on the time. */
  tick(): void {
    const host = this.hostOf({});
    for (const each of this.#list.querySelectorAll<HTMLElement>('.stamp'))
      each.textContent = stamp(each.dataset['at'] ?? '', host);
    for (const time of this.#list.querySelectorAll<HTMLElement>('time[data-style="R"]'))
      time.textContent = moment(Number(time.dataset['at']) * 1000, 'R', host.reading);
  }

  #element(id: string, entry: SeenEntry, isMore: boolean): HTMLElement {
    const before = this.#drawn.get(id);
    if (before?.entry === entry && before.isMore === isMore) return before.element;
    const element = drawMessage(id, entry, this.hostOf(entry.message), isMore);
    this.#drawn.set(id, { element, entry, isMore });
    if (before) this.#replace(before.element, element);
    return element;
  }

  /** The focus stays on the control that had it, where that is still there. */
  #replace(before: Element, fresh: Element): void {
    const focused = before.contains(document.activeElement) ? document.activeElement : undefined;
    before.replaceWith(fresh);
    if (!(focused instanceof HTMLElement)) return;
    const customId = CSS.escape(focused.dataset['customId'] ?? '');
    const same = fresh.querySelector<HTMLElement>(`[data-custom-id="${customId}"]:not(:disabled)`);
    (same ?? this.element).focus({ preventScroll: true });
  }
}

/** Ids of Discord grow with the time. */
function isLater(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}

function follows(before: SeenEntry | undefined, entry: SeenEntry): boolean {
  if (!before || entry.answers) return false;
  const author = ({ message }: SeenEntry) => (message['author'] as { id: string } | null)?.id;
  const at = ({ message }: SeenEntry) => Date.parse(String(message['timestamp']));
  const isSame = author(before) === author(entry) && before.ephemeral === entry.ephemeral;
  return isSame && at(entry) - at(before) < togetherMs;
}
