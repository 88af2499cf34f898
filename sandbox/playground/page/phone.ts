import type { Act, ActAnswer, OpenAct, Payload, SeenEntry, SeenPerson } from '../shared.js';
import { Bell } from './bell.js';
import { Channels } from './channels.js';
import { menuCommands, typedCommands } from './commands.js';
import { choicesFor } from './choices.js';
import { type } from './components.js';
import { Composer } from './composer.js';
import { h } from './dom.js';
import { openForm } from './form.js';
import type { Reading } from './markdown.js';
import { showsSpoiler, type MessageHost } from './message.js';
import { MessageList } from './message-list.js';
import { drawHeader, drawPlaces } from './phone-top.js';
import { openMembers, openProfile } from './profile.js';
import { told } from './say.js';
import { Sheet } from './sheet.js';
import type { Store } from './store.js';
import { wordsOf, type Words } from './words.js';

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
  readonly element = h('section', { class: 'phone' });
  channel = '';
  readonly #channels: Channels;
  readonly #header = h('div', { class: 'phone-header' });
  readonly #places = h('nav', { class: 'places' });
  readonly #screen = h('div', { class: 'phone-screen' });
  readonly #list = new MessageList((message) => this.#messageHost(message));
  readonly #sheet = new Sheet(this.#screen);
  readonly #bell = new Bell(this.element, (id, { channel }) => {
    this.show(channel);
    this.#list.message(id)?.scrollIntoView({ block: 'nearest' });
  });
  readonly composer: Composer;
  #who = '';
  #locale = '';
  #generation = -1;

  constructor(
    private readonly store: Store,
    private readonly host: PhoneHost,
  ) {
    this.#channels = new Channels(store, () => this.#who);
    this.composer = this.#makeComposer();
    const line = h('div', { class: 'composer-place' }, this.composer.element);
    this.#screen.append(this.#header, this.#places, this.#list.element, line);
    this.element.append(this.#screen, this.#bell.element, this.#sheet.element);
    this.#list.element.addEventListener('click', (event) => this.#pressed(event));
    this.#list.element.addEventListener('scroll', () => this.#noteRead(), { passive: true });
  }

  get who(): string {
    return this.#who;
  }
  get person(): SeenPerson | undefined {
    return this.store.person(this.#who);
  }

  /** The open form, if there is one. */
  get form(): HTMLFormElement | undefined {
    return this.#sheet.element.querySelector<HTMLFormElement>('form.form') ?? undefined;
  }

  /** Hands the phone to somebody, with this channel open. */
  belongsTo(who: string, channel?: string): void {
    if (who !== this.#who) {
      this.#who = who;
      this.channel = '';
      this.#startsAnew();
    }
    this.channel = channel ?? this.channel;
    this.#drawAll();
  }

  /** Shows a channel, at its end. */
  show(channel: string): void {
    if (channel !== this.channel) {
      this.channel = channel;
      this.#drawAll();
      this.host.remember();
    }
    this.#toEnd();
  }

  /** Shows what has changed. */
  update(changed: ReadonlySet<string>): void {
    if (this.store.generation !== this.#generation || this.person?.locale !== this.#locale) return this.#drawAll();
    const has = (prefix: string) => [...changed].some((key) => key.startsWith(prefix));
    if (has('message:')) this.#drawMessages();
    if (has('people') || has('channels') || has('names') || has('message:')) {
      this.#drawHeader();
      this.#drawPlaces();
    }
    if (has('message:')) this.#ring();
    if (has('household')) this.tick();
    if (has('act:') || has('message:')) this.#drawOpenActs();
  }

  /** Counts what is unread, for where this phone is out of sight. */
  unread(): number {
    return this.#channels.unread();
  }

  /** A control of a message that is on the screen, by its label. */
  control(message: string, label: string): HTMLElement | undefined {
    return this.#list.control(message, label);
  }

  /** Brings up to date what depends on the time. */
  tick(): void {
    this.#list.tick();
  }

  /** Does something as its owner; what cannot be done is said. */
  async act(act: Act): Promise<ActAnswer> {
    const answer = await this.store.wish({ kind: 'act', who: this.#who, act });
    if (answer.error !== undefined) this.host.says(told(answer.error));
    if (answer.modal) {
      const { opened } = answer.modal;
      openForm(answer.modal, this.#messageHost(), (fields) => void this.act({ kind: 'modal', opened, fields }));
    }
    return answer;
  }

  get #words(): Words {
    return wordsOf(this.#locale);
  }

  /** Another owner or another household: nothing rings for what is there already, and it counts as read. */
  #startsAnew(): void {
    this.#sheet.close();
    this.#bell.knows(this.#ringing());
    this.#channels.markAllRead();
  }

  #drawAll(): void {
    const { person } = this;
    if (!person) return;
    if (this.store.generation !== this.#generation) this.#startsAnew();
    this.#generation = this.store.generation;
    this.#locale = person.locale;
    this.element.lang = person.locale;
    this.element.setAttribute('aria-label', this.#words.phone(person.name));
    const channels = this.#channels.seen;
    if (!channels.some(({ id }) => id === this.channel)) this.channel = channels[0]?.id ?? '';
    this.#list.clear();
    this.#drawMessages();
    this.#drawHeader();
    this.#drawPlaces();
    this.#drawOpenActs();
    this.composer.clear(this.#words.message(this.#channels.nameOf(this.channel)));
    this.#toEnd();
  }

  #drawHeader(): void {
    drawHeader(this.#header, this.#channels, this.#words, this.channel, {
      guild: this.store.names.guild,
      openMembers: () => this.#openMembers(),
    });
    this.#list.element.setAttribute('aria-label', this.#channels.nameOf(this.channel));
  }

  #drawPlaces(): void {
    const words = this.#words;
    this.#places.setAttribute('aria-label', `${words.channels}: ${this.person?.name ?? ''}`);
    drawPlaces(this.#places, this.#channels, words, this.channel, (id) => this.show(id));
  }

  #drawMessages(): void {
    const nothing = this.#words.begins(this.#channels.nameOf(this.channel));
    this.#list.draw(this.store.messages(this.channel, this.#who), nothing);
    this.#noteRead();
  }

  #drawOpenActs(): void {
    const open = [...this.store.under<OpenAct>('act:')].filter(([, { who }]) => who === this.#who);
    this.#list.drawOpenActs(open, this.channel, this.#messageHost());
  }

  #toEnd(): void {
    this.#list.toEnd();
    this.#channels.markRead(this.channel);
  }

  #noteRead(): void {
    if (this.#list.isAtEnd) this.#channels.markRead(this.channel);
  }

  #ringing(): [string, SeenEntry][] {
    return [...this.store.under<SeenEntry>('message:')].filter(([, { rings }]) => rings.includes(this.#who));
  }

  #ring(): void {
    const { names } = this.store;
    this.#bell.rings(this.#ringing(), names, (channel) =>
      this.#channels.isDirect(channel)
        ? this.#channels.nameOf(channel).slice(1)
        : `${this.#channels.nameOf(channel)} · ${names.guild}`,
    );
  }

  #reading(): Reading {
    const { names, channels } = this.store;
    return {
      locale: this.#locale,
      spoiler: this.#words.spoiler,
      now: () => this.store.now(),
      user: (id) => names.users[id],
      role: (id) => names.roles[id],
      channel: (id) => channels.find((each) => each.id === id)?.name,
      isMe: (kind, id) => (kind === 'user' ? id === this.#who : names.roles[id] === this.person?.role),
    };
  }

  #messageHost(message: Payload = {}): MessageHost {
    const files = (message['attachments'] as Payload[] | undefined) ?? [];
    const { names } = this.store;
    return {
      words: this.#words,
      reading: this.#reading(),
      sheet: this.#sheet,
      botId: names.botId,
      nameOf: (user) => names.users[user],
      choices: (component) => choicesFor(this.store, component),
      use: (id, customId, values) => void this.act({ kind: 'use', message: id, customId, values }),
      dismiss: (id) => void this.act({ kind: 'dismiss', message: id }),
      follow: (event, url) => this.#follow(event, url),
      attachment: (url) => files.find(({ filename }) => url === `attachment://${String(filename)}`),
    };
  }

  /** Jellyfin's page is the television's; whatever else is linked to opens in a window of its own. */
  #follow(event: MouseEvent, url: string): void {
    const { jellyfinUrl = '' } = this.store.household ?? {};
    if (jellyfinUrl === '' || !url.startsWith(jellyfinUrl)) return;
    event.preventDefault();
    this.host.showTelevision();
  }

  /** A press on something in a message's text: a spoiler, a person, a command, a link. */
  #pressed(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    if (showsSpoiler(target)) return;
    const user = target.closest<HTMLElement>('[data-user]')?.dataset['user'];
    const command = target.closest<HTMLElement>('[data-command]')?.dataset['command'];
    const link = target.closest<HTMLAnchorElement>('.markdown a');
    if (user !== undefined) this.#openProfile(user);
    else if (command !== undefined) this.composer.begin(command);
    else if (link) this.#follow(event, link.href);
  }

  #openMembers(): void {
    const channel = this.store.channels.find(({ id }) => id === this.channel);
    const people = this.store.people.filter(({ id }) => channel?.seenBy.includes(id));
    openMembers(this.#sheet, this.#words, people, (id) => this.#openProfile(id));
  }

  #openProfile(user: string): void {
    const { names } = this.store;
    const isBot = user === names.botId;
    const who = { name: names.users[user] ?? this.#words.unknown, isBot, role: this.store.person(user)?.role };
    const commands = isBot ? [] : menuCommands(this.#commands, this.#locale, this.#channels.isDirect(this.channel));
    openProfile(this.#sheet, this.#words, who, commands, (command) => {
      void this.act({ kind: 'menu', command, target: user, in: this.channel });
    });
  }

  get #commands(): readonly Payload[] {
    return this.store.get<Payload[]>('commands') ?? [];
  }

  #makeComposer(): Composer {
    // What comes of it is seen: a list at its end stays there.
    const inHere = (act: Act): void => {
      this.#toEnd();
      void this.act(act);
    };
    return new Composer({
      words: () => this.#words,
      commands: () => typedCommands(this.#commands, this.#locale, this.#channels.isDirect(this.channel)),
      people: () => choicesFor(this.store, { type: type.userSelect }),
      channels: () => choicesFor(this.store, { type: type.channelSelect }),
      complete: (line, option, words, filled) =>
        this.act({ kind: 'complete', line, option, words, filled, in: this.channel }),
      command: (line, options) => inHere({ kind: 'command', line, options, in: this.channel }),
      says: (words) => inHere({ kind: 'says', words, in: this.channel }),
    });
  }
}
