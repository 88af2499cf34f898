import type { Act, ActAnswer, OpenAct, Payload, SeenChannel, SeenEntry, SeenPerson } from '../shared.js';
import { menuCommands, typedCommands } from './commands.js';
import { type, type Component } from './components.js';
import { Composer } from './composer.js';
import { fill, h, icon } from './dom.js';
import { openForm } from './form.js';
import { moment, type Reading } from './markdown.js';
import { avatar, drawMessage, showOpenAct, type MessageHost } from './message.js';
import { listbox, Sheet, type Choice } from './sheet.js';
import type { Store } from './store.js';
import { wordsOf, type Words } from './words.js';

/** How long the bar of a phone that rang stays. */
const bannerMs = 6000;
/** Messages of one author within so long stand under one name. */
const togetherMs = 420_000;

interface Drawn {
  readonly element: HTMLElement;
  readonly json: string;
}

/** What a phone needs of the page around it. */
export interface PhoneHost {
  /** Shows Jellyfin's sign-in page. */
  showTelevision(): void;
  /** Something was chosen that is to outlive a reload. */
  remember(): void;
  says(words: string): void;
}

/** One person's phone with Discord on it. */
export class Phone {
  readonly element: HTMLElement;
  channel = '';
  /** Until which message each channel was read. */
  readonly #read = new Map<string, string>();
  readonly #drawn = new Map<string, Drawn>();
  readonly #header = h('div', { class: 'phone-header' });
  readonly #places = h('nav', { class: 'places' });
  readonly #list = h('ol', { class: 'messages' });
  readonly #scroll = h('div', { class: 'message-scroll', tabindex: '0', role: 'log' }, this.#list);
  readonly #banner = h('div', { class: 'banner-place', 'aria-live': 'polite' });
  readonly #screen = h('div', { class: 'phone-screen' });
  readonly #sheet: Sheet;
  readonly #composer: Composer;
  #who = '';
  #locale = '';
  #generation = -1;
  #rung = new Set<string>();
  #bannerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly host: PhoneHost,
  ) {
    this.#sheet = new Sheet(this.#screen);
    this.#composer = this.#makeComposer();
    this.element = h('section', { class: 'phone' }, this.#screen, this.#banner, this.#sheet.element);
    this.#screen.append(
      this.#header,
      this.#places,
      this.#scroll,
      h('div', { class: 'composer-place' }, this.#composer.element),
    );
    this.#scroll.addEventListener('click', (event) => this.#pressed(event));
    this.#scroll.addEventListener('scroll', () => this.#noteRead(), { passive: true });
  }

  get who(): string {
    return this.#who;
  }
  get person(): SeenPerson | undefined {
    return this.store.person(this.#who);
  }
  get words(): Words {
    return wordsOf(this.#locale);
  }
  get composer(): Composer {
    return this.#composer;
  }

  /** Hands the phone to somebody else. */
  belongsTo(who: string, channel?: string): void {
    if (who !== this.#who) {
      this.#who = who;
      this.#rung = new Set(this.#ringing().map(([id]) => id));
      this.#read.clear();
      for (const { id } of this.#channels()) this.#markRead(id);
      this.channel = channel ?? '';
      this.#hideBanner();
    } else if (channel !== undefined) this.channel = channel;
    this.#redrawAll();
  }

  /** Shows a channel, at its end. */
  show(channel: string): void {
    if (channel !== this.channel) {
      this.channel = channel;
      this.#redrawAll();
      this.host.remember();
    }
    this.#toEnd();
  }

  /** Shows what has changed. */
  update(changed: ReadonlySet<string>): void {
    if (this.store.generation !== this.#generation || this.person?.locale !== this.#locale) return this.#redrawAll();
    const has = (prefix: string) => [...changed].some((key) => key.startsWith(prefix));
    if (has('people') || has('channels') || has('names') || has('message:')) {
      this.#drawHeader();
      this.#drawPlaces();
    }
    if (has('message:')) {
      this.#drawMessages();
      this.#ring();
    }
    if (has('act:') || has('message:')) this.#drawOpenActs();
  }

  /** Counts what is unread, for where this phone is not to be seen. */
  unread(): number {
    return this.#channels().reduce((sum, { id }) => sum + this.#unreadIn(id), 0);
  }

  /** Finds a control of a message that is on the screen. */
  control(message: string, label: string): HTMLElement | undefined {
    const element = this.#list.querySelector(`[data-message="${message}"]`);
    return [...(element?.querySelectorAll<HTMLElement>('[data-label]') ?? [])].find(
      (each) => each.dataset['label'] === label,
    );
  }

  message(id: string): HTMLElement | undefined {
    return this.#list.querySelector<HTMLElement>(`[data-message="${id}"]`) ?? undefined;
  }

  /** The open form, if there is one. */
  get form(): HTMLFormElement | undefined {
    return this.#sheet.element.querySelector<HTMLFormElement>('form.form') ?? undefined;
  }

  /** Brings relative times up to date. */
  tick(): void {
    for (const time of this.#list.querySelectorAll<HTMLElement>('time[data-style="R"]'))
      time.textContent = moment(Number(time.dataset['at']) * 1000, 'R', this.#reading());
  }

  /** Does something as its owner; what cannot be done is said. */
  async act(act: Act): Promise<ActAnswer> {
    const answer = await this.store.wish({ kind: 'act', who: this.#who, act });
    if (answer.error !== undefined) this.host.says(answer.error);
    if (answer.modal) {
      const { opened } = answer.modal;
      openForm(answer.modal, this.#messageHost(), (fields) => void this.act({ kind: 'modal', opened, fields }));
    }
    return answer;
  }

  #redrawAll(): void {
    const { person } = this;
    if (!person) return;
    const isOther = this.store.generation !== this.#generation;
    this.#generation = this.store.generation;
    this.#locale = person.locale;
    this.element.lang = person.locale;
    this.element.setAttribute('aria-label', `${person.name}’s phone`);
    if (isOther) {
      this.#sheet.close();
      this.#rung = new Set(this.#ringing().map(([id]) => id));
      this.#read.clear();
      this.#hideBanner();
    }
    const channels = this.#channels();
    if (!channels.some(({ id }) => id === this.channel)) this.channel = channels[0]?.id ?? '';
    this.#drawn.clear();
    this.#list.replaceChildren();
    this.#drawHeader();
    this.#drawPlaces();
    this.#drawMessages();
    this.#drawOpenActs();
    this.#composer.clear(this.words.message(this.#nameOf(this.channel)));
    this.#toEnd();
  }

  /** The channels that its owner sees, and their direct messages last. */
  #channels(): SeenChannel[] {
    const { store } = this;
    const seen = store.channels.filter(
      ({ seenBy, id }) => seenBy.includes(this.#who) || id === this.person?.directChannel,
    );
    const isDirect = ({ id }: SeenChannel) => Number(id === this.person?.directChannel);
    return seen.sort((one, other) => isDirect(one) - isDirect(other));
  }

  #isDirect(channel: string): boolean {
    return channel === this.person?.directChannel;
  }

  #nameOf(channel: string): string {
    if (this.#isDirect(channel)) return `@${this.store.names.users[this.store.names.botId] ?? ''}`;
    return `#${this.store.channels.find(({ id }) => id === channel)?.name ?? ''}`;
  }

  #drawHeader(): void {
    const { words } = this;
    const isDirect = this.#isDirect(this.channel);
    const name = this.#nameOf(this.channel).slice(1);
    fill(
      this.#header,
      isDirect ? avatar(name, true, 'small') : icon('hash'),
      h(
        'h3',
        { class: 'channel-name' },
        name,
        h('span', { class: 'guild-name' }, isDirect ? words.directMessages : this.store.names.guild),
      ),
      isDirect
        ? undefined
        : h(
            'button',
            { type: 'button', class: 'icon-button', 'aria-label': words.members, onclick: () => this.#openMembers() },
            icon('people'),
          ),
    );
    this.#scroll.setAttribute('aria-label', this.#nameOf(this.channel));
  }

  #drawPlaces(): void {
    const { words } = this;
    this.#places.setAttribute('aria-label', words.channels);
    const buttons = this.#channels().map(({ id }) => {
      const unread = id === this.channel ? 0 : this.#unreadIn(id);
      const isHere = id === this.channel;
      const badge =
        unread > 0
          ? h('span', { class: 'badge' }, String(unread), h('span', { class: 'out-of-sight' }, ` ${words.unread}`))
          : undefined;
      const mark = this.#isDirect(id) ? icon('at') : icon('hash');
      return h(
        'button',
        {
          type: 'button',
          class: 'place',
          'aria-current': isHere ? 'page' : undefined,
          'data-channel': id,
          onclick: () => this.show(id),
        },
        mark,
        h('span', {}, this.#nameOf(id).slice(1)),
        badge,
      );
    });
    const focused = (document.activeElement as HTMLElement | null)?.dataset['channel'];
    fill(this.#places, buttons);
    if (focused !== undefined) this.#places.querySelector<HTMLElement>(`[data-channel="${focused}"]`)?.focus();
  }

  #drawMessages(): void {
    const entries = this.store.messages(this.channel, this.#who);
    const wasAtEnd = this.#isAtEnd();
    const here = new Set(entries.map(([id]) => id));
    for (const [id, { element }] of this.#drawn)
      if (!here.has(id)) {
        element.remove();
        this.#drawn.delete(id);
      }
    let after: Element | null = null;
    entries.forEach(([id, entry], n) => {
      const isMore = follows(entries[n - 1]?.[1], entry);
      const json = JSON.stringify([entry, isMore]);
      const before = this.#drawn.get(id);
      let element = before?.element;
      if (!element || before?.json !== json) {
        const fresh = drawMessage(id, entry, this.#messageHost(entry.message), isMore);
        if (element) this.#replace(element, fresh);
        element = fresh;
        this.#drawn.set(id, { element, json });
      }
      const place: Element | null = after ? after.nextElementSibling : this.#list.firstElementChild;
      if (place !== element) this.#list.insertBefore(element, place);
      after = element;
    });
    if (wasAtEnd) this.#toEnd();
    if (wasAtEnd) this.#markRead(this.channel);
    this.#list.dataset['empty'] = entries.length === 0 ? this.words.begins(this.#nameOf(this.channel)) : '';
  }

  /** Puts a message in another's place; the focus stays on the control that had it, where that is still there. */
  #replace(before: Element, fresh: Element): void {
    const focused = before.contains(document.activeElement) ? document.activeElement : undefined;
    before.replaceWith(fresh);
    if (!(focused instanceof HTMLElement)) return;
    const same = fresh.querySelector<HTMLElement>(
      `[data-custom-id="${CSS.escape(focused.dataset['customId'] ?? '')}"]`,
    );
    (same ?? this.#scroll).focus({ preventScroll: true });
  }

  #drawOpenActs(): void {
    const open = [...this.store.under<OpenAct>('act:')].map(([, act]) => act).filter(({ who }) => who === this.#who);
    for (const [id, { element }] of this.#drawn)
      showOpenAct(
        element,
        open.findLast(({ message }) => message === id),
        this.words.failed,
      );
    const commands = open.filter(({ channel, message }) => channel === this.channel && message === undefined);
    this.#list.querySelectorAll('.message-failed').forEach((each) => each.remove());
    for (const { command = '', state } of commands) {
      const bot = this.store.names.users[this.store.names.botId] ?? '';
      const words = state === 'failed' ? this.words.noAnswer : `${bot} ${this.words.thinking}`;
      this.#list.append(
        h(
          'li',
          { class: 'message message-failed' },
          h('div', { class: 'answers' }, `${command} `),
          h('div', { class: state === 'failed' ? 'failure' : 'thinking' }, words),
        ),
      );
    }
    if (commands.length > 0 && this.#isAtEnd(160)) this.#toEnd();
  }

  #isAtEnd(within = 80): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight < within;
  }

  #toEnd(): void {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    this.#markRead(this.channel);
  }

  #noteRead(): void {
    if (this.#isAtEnd()) this.#markRead(this.channel);
  }

  #markRead(channel: string): void {
    const last = this.store.messages(channel, this.#who).at(-1);
    if (last) this.#read.set(channel, last[0]);
  }

  #unreadIn(channel: string): number {
    const until = this.#read.get(channel);
    const messages = this.store.messages(channel, this.#who).filter(([, { ephemeral }]) => !ephemeral);
    return messages.length - 1 - messages.findIndex(([id]) => id === until);
  }

  #ringing(): [string, SeenEntry][] {
    return [...this.store.under<SeenEntry>('message:')].filter(([, { rings }]) => rings.includes(this.#who));
  }

  /** Shows the newest message that this phone made a sound for. */
  #ring(): void {
    const fresh = this.#ringing().filter(([id]) => !this.#rung.has(id));
    for (const [id] of fresh) this.#rung.add(id);
    const newest = fresh.at(-1);
    if (!newest) return;
    const [id, entry] = newest;
    const { names } = this.store;
    const words = plain(
      entry.message,
      (user) => names.users[user],
      (role) => names.roles[role],
    );
    const where = this.#nameOf(entry.channel);
    const press = h(
      'button',
      {
        type: 'button',
        class: 'banner',
        onclick: () => {
          this.#hideBanner();
          this.show(entry.channel);
          this.message(id)?.scrollIntoView({ block: 'nearest' });
        },
      },
      icon('bell'),
      h(
        'span',
        { class: 'banner-words' },
        h('strong', {}, this.#isDirect(entry.channel) ? where.slice(1) : `${where} · ${names.guild}`),
        h('span', {}, words),
      ),
    );
    fill(this.#banner, press);
    this.element.classList.remove('rings');
    void this.element.offsetWidth;
    this.element.classList.add('rings');
    clearTimeout(this.#bannerTimer);
    this.#bannerTimer = setTimeout(() => this.#hideBanner(), bannerMs);
  }

  #hideBanner(): void {
    clearTimeout(this.#bannerTimer);
    this.#banner.replaceChildren();
    this.element.classList.remove('rings');
  }

  #reading(): Reading {
    const { names, channels } = this.store;
    return {
      locale: this.#locale,
      spoiler: this.words.spoiler,
      now: () => this.store.now(),
      user: (id) => names.users[id],
      role: (id) => names.roles[id],
      channel: (id) => channels.find((each) => each.id === id)?.name,
      isMe: (kind, id) => (kind === 'user' ? id === this.#who : names.roles[id] === this.person?.role),
    };
  }

  #messageHost(message: Payload = {}): MessageHost {
    const files = (message['attachments'] as Payload[] | undefined) ?? [];
    return {
      words: this.words,
      reading: this.#reading(),
      sheet: this.#sheet,
      botId: this.store.names.botId,
      nameOf: (user) => this.store.names.users[user],
      choices: (component) => this.#choices(component),
      use: (id, customId, values) => void this.act({ kind: 'use', message: id, customId, values }),
      dismiss: (id) => void this.act({ kind: 'dismiss', message: id }),
      follow: (event, url) => {
        const { jellyfinUrl = '' } = this.store.household ?? {};
        if (jellyfinUrl === '' || !url.startsWith(jellyfinUrl)) return;
        event.preventDefault();
        this.host.showTelevision();
      },
      attachment: (url) => files.find(({ filename }) => url === `attachment://${String(filename)}`),
    };
  }

  #choices(component: Component): readonly Choice[] {
    const { names, channels, people } = this.store;
    const persons = people.map(({ id, name }) => ({ value: id, label: name, mark: avatar(name, false, 'small') }));
    const roles = Object.entries(names.roles)
      .filter(([id]) => id !== names.guildId)
      .map(([value, name]) => ({ value, label: `@${name}` }));
    switch (component.type) {
      case type.userSelect:
        return persons;
      case type.roleSelect:
        return roles;
      case type.mentionableSelect:
        return [...persons, ...roles];
      case type.channelSelect: {
        const wanted = component.channel_types ?? [];
        const fits = channels.filter((each) => each.name !== '' && (wanted.length === 0 || wanted.includes(each.type)));
        return fits.map(({ id, name }) => ({ value: id, label: `#${name}` }));
      }
      default:
        return [];
    }
  }

  /** A press on something in a message's text: a spoiler, a person, a command, a link. */
  #pressed(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    const spoiler = target.closest<HTMLElement>('.spoiler:not(.spoiler-shown)');
    if (spoiler) {
      spoiler.classList.add('spoiler-shown');
      spoiler.removeAttribute('aria-label');
      spoiler.querySelector('[aria-hidden]')?.removeAttribute('aria-hidden');
      return;
    }
    const user = target.closest<HTMLElement>('[data-user]')?.dataset['user'];
    if (user !== undefined) return this.#openProfile(user);
    const command = target.closest<HTMLElement>('[data-command]')?.dataset['command'];
    if (command !== undefined) return this.#composer.begin(command);
    const link = target.closest<HTMLAnchorElement>('.markdown a');
    if (link) this.#messageHost().follow(event, link.href.replace(/\/$/, ''));
  }

  /** Who is in the channel. */
  #openMembers(): void {
    const { words } = this;
    const channel = this.store.channels.find(({ id }) => id === this.channel);
    const people = this.store.people.filter(({ id }) => channel?.seenBy.includes(id));
    const choices = people.map(({ id, name, role }) => ({
      value: id,
      label: name,
      mark: avatar(name, false, 'small'),
      ...(role === 'admin' || role === 'helper' ? { description: role } : {}),
    }));
    const list = listbox(words.members, choices, { chosen: new Set(), take: ({ value }) => this.#openProfile(value) });
    this.#sheet.open(words.members, words.close, [list]);
  }

  /** Somebody's card, with the commands in their menu. */
  #openProfile(user: string): void {
    const { words } = this;
    const name = this.store.names.users[user] ?? words.unknown;
    const isBot = user === this.store.names.botId;
    const commands = isBot
      ? []
      : menuCommands(this.store.get<Payload[]>('commands') ?? [], this.#locale, this.#isDirect(this.channel));
    const role = this.store.person(user)?.role;
    const apps = commands.map((command) =>
      h(
        'button',
        {
          type: 'button',
          class: 'menu-command',
          onclick: () => {
            this.#sheet.close();
            void this.act({ kind: 'menu', command: command.name, target: user, in: this.channel });
          },
        },
        icon('key'),
        command.shown,
      ),
    );
    this.#sheet.open(name, words.close, [
      h(
        'div',
        { class: 'profile' },
        avatar(name, isBot, 'large'),
        role === 'admin' || role === 'helper' ? h('span', { class: 'role-tag' }, role) : undefined,
      ),
      apps.length > 0
        ? h(
            'div',
            { class: 'menu', role: 'group', 'aria-label': words.apps },
            h('div', { class: 'menu-title' }, words.apps),
            apps,
          )
        : undefined,
    ]);
  }

  #makeComposer(): Composer {
    const phone = this;
    return new Composer({
      get words() {
        return phone.words;
      },
      commands: () =>
        typedCommands(this.store.get<Payload[]>('commands') ?? [], this.#locale, this.#isDirect(this.channel)),
      people: () => this.#choices({ type: type.userSelect }),
      channels: () => this.#choices({ type: type.channelSelect }),
      complete: (line, name, words, filled) =>
        this.store.wish({
          kind: 'act',
          who: this.#who,
          act: { kind: 'complete', line, option: name, words, filled, in: this.channel },
        }),
      command: (line, options) =>
        void this.act({ kind: 'command', line, options, in: this.channel }).then(() => this.#toEnd()),
      says: (words) => void this.act({ kind: 'says', words, in: this.channel }).then(() => this.#toEnd()),
    });
  }
}

function follows(before: SeenEntry | undefined, entry: SeenEntry): boolean {
  if (!before || entry.answers) return false;
  const author = ({ message }: SeenEntry) => (message['author'] as { id: string } | null)?.id;
  const at = ({ message }: SeenEntry) => Date.parse(String(message['timestamp']));
  return (
    author(before) === author(entry) && before.ephemeral === entry.ephemeral && at(entry) - at(before) < togetherMs
  );
}

/** What a lock screen shows of a message. */
function plain(
  message: Payload,
  user: (id: string) => string | undefined,
  role: (id: string) => string | undefined,
): string {
  const embeds = (message['embeds'] as { title?: string; description?: string }[] | undefined) ?? [];
  const parts = [
    String(message['content'] ?? ''),
    ...embeds.flatMap(({ title, description }) => [title ?? '', description ?? '']),
  ];
  const texts = parts.find((part) => part !== '') ?? '';
  return texts
    .replace(/\|\|[\s\S]+?\|\|/g, '▒▒▒▒▒▒')
    .replace(/<@&(\d+)>/g, (_all, id: string) => `@${role(id) ?? '?'}`)
    .replace(/<@!?(\d+)>/g, (_all, id: string) => `@${user(id) ?? '?'}`)
    .replace(/<\/([\w -]+):\d+>/g, '/$1')
    .replace(/[*_`\\]/g, '')
    .slice(0, 160);
}
