import type { OpenAct, Payload, SeenEntry } from '../shared.js';
import { drawComponents, file, text, type Component, type Host } from './components.js';
import { h, icon } from './dom.js';

interface Embed {
  readonly title?: string;
  readonly url?: string;
  readonly description?: string;
  readonly color?: number;
  readonly timestamp?: string;
  readonly author?: { readonly name?: string };
  readonly footer?: { readonly text?: string };
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[];
  readonly image?: { readonly url: string };
  readonly thumbnail?: { readonly url: string };
}

/** What a message needs of the phone that it is on. */
export interface MessageHost extends Host {
  readonly botId: string;
  nameOf(user: string): string | undefined;
  dismiss(message: string): void;
}

const loading = 1 << 7;

/** Draws one message; `isMore`: it follows another of the same author, so that their name is not said again. */
export function drawMessage(id: string, entry: SeenEntry, host: MessageHost, isMore: boolean): HTMLElement {
  const { message, answers, ephemeral } = entry;
  const { words, reading } = host;
  const author = message['author'] as { id: string; bot?: boolean; username: string };
  const name = author.bot
    ? author.username[0]?.toUpperCase() + author.username.slice(1)
    : (host.nameOf(author.id) ?? author.username);
  const isThinking = (Number(message['flags']) & loading) !== 0;
  const used =
    answers &&
    h(
      'div',
      { class: 'answers' },
      avatar(host.nameOf(answers.who) ?? '?', false, 'small'),
      h('span', { class: 'answers-who' }, host.nameOf(answers.who) ?? '?'),
      ` ${words.used} `,
      h('span', { class: 'mention' }, answers.command),
    );
  const isFirst = !isMore || answers !== undefined;
  const head =
    isFirst &&
    h(
      'div',
      { class: 'message-head' },
      h('span', { class: 'author' }, name),
      author.bot ? h('span', { class: 'app-tag' }, words.app) : undefined,
      h('span', { class: 'stamp', 'data-at': message['timestamp'] }, stamp(String(message['timestamp']), host)),
    );
  const content = String(message['content'] ?? '');
  const body = [
    isThinking
      ? h(
          'div',
          { class: 'thinking' },
          h('span', { class: 'dots', 'aria-hidden': 'true' }),
          `${name} ${words.thinking}`,
        )
      : undefined,
    content === '' ? undefined : edited(text(content, reading), message['edited_timestamp'], words.edited),
    ...((message['embeds'] as Embed[] | undefined) ?? []).map((embed) => drawEmbed(embed, host)),
    ...freeFiles(message, host),
    h(
      'div',
      { class: 'components' },
      drawComponents(id, (message['components'] as Component[] | undefined) ?? [], host),
    ),
  ];
  const pings = entry.rings.length > 0 && entry.message['mention_roles'] !== undefined && isForMe(entry, host);
  return h(
    'li',
    {
      class: ['message', ephemeral && 'message-ephemeral', pings && 'message-pings', !isFirst && 'message-more']
        .filter(Boolean)
        .join(' '),
      'data-message': id,
    },
    used,
    h(
      'div',
      { class: 'message-row' },
      isFirst ? avatar(name, author.bot === true) : h('span', { class: 'avatar-gap' }),
      h(
        'div',
        { class: 'message-body' },
        head,
        ...body,
        h('div', { class: 'failure', 'data-failure': id }),
        ephemeral ? privately(id, host) : undefined,
      ),
    ),
  );
}

/** The round picture of somebody: the first letter of their name, or the bot's key. */
export function avatar(name: string, isBot: boolean, size = ''): HTMLElement {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 6, 0);
  const kind = isBot ? 'avatar-bot' : `avatar-${hue}`;
  return h(
    'span',
    { class: `avatar ${kind} ${size && `avatar-${size}`}`, 'aria-hidden': 'true' },
    isBot ? icon('key') : (name[0] ?? '?').toUpperCase(),
  );
}

/** Shows what became of the control that was used on a message: it is being worked on, or it failed. */
export function showOpenAct(element: Element, act: OpenAct | undefined, failed: string): void {
  const place = element.querySelector('[data-failure]');
  if (place && place.textContent !== (act?.state === 'failed' ? failed : '')) {
    place.textContent = act?.state === 'failed' ? failed : '';
  }
  for (const control of element.querySelectorAll<HTMLElement>('[data-custom-id]')) {
    const isBusy = act?.state === 'pending' && control.dataset['customId'] === act.customId;
    control.classList.toggle('busy', isBusy);
  }
}

function isForMe({ message }: SeenEntry, host: MessageHost): boolean {
  const words = JSON.stringify([message['content'], message['components']]);
  return [...words.matchAll(/<@(&?)!?(\d+)>/g)].some(([, isRole, id = '']) =>
    host.reading.isMe(isRole ? 'role' : 'user', id),
  );
}

function privately(id: string, { words, dismiss }: MessageHost): HTMLElement {
  const press = h('button', { type: 'button', class: 'dismiss', onclick: () => dismiss(id) }, words.dismiss);
  return h('div', { class: 'privately' }, icon('eye'), `${words.onlyYou} • `, press);
}

function edited(element: HTMLElement, when: unknown, words: string): HTMLElement {
  if (typeof when === 'string')
    (element.lastElementChild ?? element).append(' ', h('span', { class: 'edited' }, words));
  return element;
}

/** When a message was sent, as it stands beside its author's name. */
export function stamp(at: string, { reading, words }: MessageHost): string {
  const date = new Date(at);
  const time = new Intl.DateTimeFormat(reading.locale, { timeStyle: 'short' }).format(date);
  const days = Math.round((midnight(reading.now()) - midnight(date.getTime())) / 86_400_000);
  if (days === 0) return words.today(time);
  if (days === 1) return words.yesterday(time);
  return new Intl.DateTimeFormat(reading.locale, { dateStyle: 'short', timeStyle: 'short' }).format(date);
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Files that no component of the message shows. */
function freeFiles(message: Payload, host: MessageHost): HTMLElement[] {
  const files = (message['attachments'] as Payload[] | undefined) ?? [];
  const placed = JSON.stringify([message['components'], message['embeds']]);
  return files
    .filter(({ filename }) => !placed.includes(`attachment://${String(filename)}`))
    .map((each) =>
      /\.(png|jpe?g|gif|webp)$/.test(String(each['filename']))
        ? h('img', {
            class: 'gallery-item',
            src: String(each['url']),
            alt: String(each['description'] ?? host.words.picture),
          })
        : file(String(each['url']), host),
    );
}

function drawEmbed(embed: Embed, host: MessageHost): HTMLElement {
  const { reading } = host;
  const element = h(
    'div',
    { class: 'embed' },
    embed.author?.name ? h('div', { class: 'embed-author' }, embed.author.name) : undefined,
    embed.title ? h('div', { class: 'embed-title' }, text(embed.title, reading)) : undefined,
    embed.description ? text(embed.description, reading) : undefined,
    embed.fields?.length
      ? h(
          'div',
          { class: 'embed-fields' },
          embed.fields.map(({ name, value, inline }) =>
            h(
              'div',
              { class: inline ? 'embed-field embed-inline' : 'embed-field' },
              h('div', { class: 'embed-name' }, text(name, reading)),
              text(value, reading),
            ),
          ),
        )
      : undefined,
    embed.image
      ? h('img', {
          class: 'gallery-item',
          src: String(host.attachment(embed.image.url)?.['url'] ?? embed.image.url),
          alt: host.words.picture,
        })
      : undefined,
    embed.footer?.text ? h('div', { class: 'embed-footer' }, embed.footer.text) : undefined,
  );
  if (embed.color !== undefined) element.style.setProperty('--accent', `#${embed.color.toString(16).padStart(6, '0')}`);
  return element;
}

/** Shows what is behind the spoiler that was pressed; gives back whether there was one. */
export function showsSpoiler(target: Element): boolean {
  const spoiler = target.closest('.spoiler:not(.spoiler-shown)');
  spoiler?.classList.add('spoiler-shown');
  spoiler?.removeAttribute('aria-label');
  spoiler?.querySelector('[aria-hidden]')?.removeAttribute('aria-hidden');
  return spoiler !== null;
}
