import type { Payload } from '../shared.js';
import { h, icon } from './dom.js';
import { markdown, type Reading } from './markdown.js';
import { listbox, type Choice, type Sheet } from './sheet.js';
import type { Words } from './words.js';

/** Discord's component types. */
export const type = {
  actionRow: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  mediaGallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
} as const;

/** A component as the API shows it. */
export interface Component {
  readonly type: number;
  readonly custom_id?: string;
  readonly label?: string;
  readonly description?: string | null;
  readonly style?: number;
  readonly url?: string;
  readonly disabled?: boolean;
  readonly content?: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly required?: boolean;
  readonly min_values?: number;
  readonly max_values?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly emoji?: { readonly name?: string };
  readonly options?: readonly Option[];
  readonly default_values?: readonly { readonly id: string }[];
  readonly channel_types?: readonly number[];
  readonly components?: readonly Component[];
  readonly component?: Component;
  readonly accessory?: Component;
  readonly items?: readonly Media[];
  readonly media?: { readonly url: string };
  readonly file?: { readonly url: string };
  readonly accent_color?: number | null;
  readonly spoiler?: boolean;
  readonly divider?: boolean;
  readonly spacing?: number;
}

interface Option {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly default?: boolean;
  readonly emoji?: { readonly name?: string };
}

interface Media {
  readonly media: { readonly url: string };
  readonly description?: string | null;
  readonly spoiler?: boolean;
}

/** What components need of the phone that they are on. */
export interface Host {
  readonly words: Words;
  readonly reading: Reading;
  readonly sheet: Sheet;
  /** What a select of people, roles or channels offers. */
  choices(component: Component): readonly Choice[];
  /** Uses a control of a message. */
  use(message: string, customId: string, values: readonly string[]): void;
  /** Follows a link. */
  follow(event: MouseEvent, url: string): void;
  attachment(url: string): Payload | undefined;
}

/** Draws the components of a message. */
export function drawComponents(message: string, components: readonly Component[], host: Host): Node[] {
  return components.map((component) => draw(message, component, host));
}

function draw(message: string, component: Component, host: Host): Node {
  const inner = () => drawComponents(message, component.components ?? [], host);
  switch (component.type) {
    case type.actionRow:
      return h('div', { class: 'row' }, inner());
    case type.button:
      return button(message, component, host);
    case type.section: {
      const accessory = component.accessory ? draw(message, component.accessory, host) : undefined;
      return h('div', { class: 'section' }, h('div', { class: 'section-texts' }, inner()), accessory);
    }
    case type.textDisplay:
      return text(component.content ?? '', host.reading);
    case type.thumbnail:
      return picture(component.media?.url ?? '', component.description, host, 'thumbnail', component.spoiler);
    case type.mediaGallery:
      return h(
        'div',
        { class: 'gallery' },
        (component.items ?? []).map(({ media, description, spoiler }) =>
          picture(media.url, description, host, 'gallery-item', spoiler),
        ),
      );
    case type.file:
      return file(component.file?.url ?? '', host);
    case type.separator: {
      const size = component.spacing === 2 ? 'separator separator-large' : 'separator';
      return h('div', { class: component.divider === false ? `${size} separator-plain` : size, role: 'presentation' });
    }
    case type.container: {
      const { accent_color: accent } = component;
      const bar = typeof accent === 'number' ? `--accent: #${accent.toString(16).padStart(6, '0')}` : undefined;
      const container = h('div', { class: bar ? 'container container-accent' : 'container' }, inner());
      if (bar) container.style.cssText = bar;
      return container;
    }
    default:
      return select(message, component, host);
  }
}

/** A text with Discord's markdown. */
export function text(content: string, reading: Reading): HTMLElement {
  const element = h('div', { class: 'markdown' });
  element.innerHTML = markdown(content, reading);
  return element;
}

const styles = ['', 'primary', 'secondary', 'success', 'danger', 'link'];

function button(message: string, component: Component, host: Host): HTMLElement {
  const { label = '', emoji, disabled, url, custom_id: customId, style = 2 } = component;
  const words = [
    emoji?.name ? h('span', { class: 'emoji', 'aria-hidden': label ? 'true' : undefined }, emoji.name) : undefined,
    label,
  ];
  if (url !== undefined) {
    const link = h(
      'a',
      { class: 'button button-link', href: url, target: '_blank', rel: 'noopener noreferrer' },
      words,
      icon('out'),
    );
    link.addEventListener('click', (event) => host.follow(event, url));
    return link;
  }
  return h(
    'button',
    {
      type: 'button',
      class: `button button-${styles[style] ?? 'secondary'}`,
      disabled,
      'data-custom-id': customId,
      'data-label': label,
      onclick: () => host.use(message, customId ?? '', []),
    },
    words,
  );
}

/** A picture, from the page's own address. */
function picture(
  url: string,
  description: string | null | undefined,
  host: Host,
  name: string,
  isSpoiler = false,
): HTMLElement {
  const source = host.attachment(url)?.['url'] ?? url;
  const image = h('img', { src: String(source), alt: description ?? host.words.picture, class: name, loading: 'lazy' });
  if (!isSpoiler) return image;
  return h(
    'button',
    { type: 'button', class: 'spoiler spoiler-picture', 'aria-label': host.words.spoiler },
    h('span', { 'aria-hidden': 'true' }, image),
  );
}

/** A file to download. */
export function file(url: string, host: Host): HTMLElement {
  const found = host.attachment(url);
  const name = String(found?.['filename'] ?? url.split('/').at(-1) ?? '');
  const size = typeof found?.['size'] === 'number' ? `${Math.max(1, Math.round(found['size'] / 1024))} KB` : '';
  const link = h('a', { href: String(found?.['url'] ?? url), download: name }, name);
  return h('div', { class: 'file' }, icon('file'), h('div', {}, link, h('span', { class: 'file-size' }, size)));
}

/** What a select shows as chosen, and what it offers. */
export function choicesOf(component: Component, host: Host): readonly Choice[] {
  if (component.type !== type.stringSelect) return host.choices(component);
  return (component.options ?? []).map(({ label, value, description, emoji }) => ({
    label: emoji?.name ? `${emoji.name} ${label}` : label,
    value,
    ...(description !== undefined && { description }),
  }));
}

function chosenFirst(component: Component): string[] {
  const own = (component.options ?? []).filter((option) => option.default).map(({ value }) => value);
  return [...own, ...(component.default_values ?? []).map(({ id }) => id)];
}

function select(message: string, component: Component, host: Host): HTMLElement {
  const { placeholder = host.words.choose, disabled, custom_id: customId = '' } = component;
  const chosen = new Set(chosenFirst(component));
  const shown = choicesOf(component, host)
    .filter(({ value }) => chosen.has(value))
    .map(({ label }) => label);
  return h(
    'button',
    {
      type: 'button',
      class: shown.length > 0 ? 'select' : 'select select-empty',
      disabled,
      'aria-haspopup': 'dialog',
      'data-custom-id': customId,
      onclick: () => openSelect(component, host, chosen, (values) => host.use(message, customId, values)),
    },
    h('span', { class: 'select-words' }, shown.length > 0 ? shown.join(', ') : placeholder),
    icon('down'),
  );
}

/** Opens the choices of a select over the phone; `take` gets what was chosen. */
export function openSelect(
  component: Component,
  host: Host,
  before: ReadonlySet<string>,
  take: (values: string[]) => void,
): void {
  const { words, sheet } = host;
  const { min_values: least = 1, max_values: most = 1, placeholder = words.choose } = component;
  const chosen = new Set(before);
  const all = choicesOf(component, host);
  const isMany = most > 1 || least === 0;
  const place = h('div', { class: 'listbox-place' });
  const done = h(
    'button',
    { type: 'button', class: 'button button-primary sheet-done', onclick: () => finish() },
    words.done,
  );
  const finish = (): void => {
    sheet.close();
    take([...chosen]);
  };
  const fillList = (filter: string): void => {
    const found = all.filter(({ label }) => label.toLowerCase().includes(filter.toLowerCase()));
    const list = listbox(placeholder, found, {
      many: isMany,
      chosen,
      take: ({ value }) => {
        if (!isMany) {
          chosen.clear();
          chosen.add(value);
          return finish();
        }
        if (chosen.has(value)) chosen.delete(value);
        else if (chosen.size < most) chosen.add(value);
        for (const item of list.children)
          item.setAttribute('aria-selected', String(chosen.has(item.getAttribute('data-value') ?? '')));
        done.disabled = chosen.size < least;
      },
    });
    place.replaceChildren(found.length > 0 ? list : h('p', { class: 'nothing' }, words.nothing));
  };
  fillList('');
  done.disabled = chosen.size < least;
  const search =
    component.type === type.stringSelect
      ? undefined
      : h('input', {
          class: 'search',
          type: 'search',
          placeholder: words.search,
          'aria-label': words.search,
          oninput: (event: Event) => fillList((event.target as HTMLInputElement).value),
        });
  const hint = isMany
    ? h('p', { class: 'sheet-hint' }, words.chooseMany(least, Math.min(most, all.length)))
    : undefined;
  sheet.open(placeholder, words.close, [hint, search, place, isMany ? done : undefined]);
}
