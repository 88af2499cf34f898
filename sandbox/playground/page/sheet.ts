import { fill, h, icon } from './dom.js';

/** A panel that covers the lower part of a phone, or all of it: the rest is out of reach as long as it is open. */
export class Sheet {
  readonly element = h('div', { class: 'sheet-place', hidden: true });
  #close: (() => void) | undefined;
  #before: Element | null = null;

  /** `behind`: what cannot be reached while a sheet is open. */
  constructor(private readonly behind: HTMLElement) {}

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Opens with this content; Escape, the cross and a press beside it close it, and `closed` hears of it. */
  open(
    title: string,
    closeLabel: string,
    content: readonly (Node | undefined)[],
    closed: () => void = () => undefined,
  ): void {
    this.close();
    this.#before = document.activeElement;
    this.#close = closed;
    const id = `sheet-${(count += 1)}`;
    const heading = h('h3', { id, class: 'sheet-title' }, title);
    const cross = h(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': closeLabel, onclick: () => this.close() },
      icon('close'),
    );
    const panel = h(
      'div',
      { class: 'sheet', role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': id, tabindex: '-1' },
      h('div', { class: 'sheet-head' }, heading, cross),
      ...content,
    );
    panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
    fill(this.element, h('div', { class: 'sheet-shade', onclick: () => this.close() }), panel);
    this.element.hidden = false;
    this.behind.inert = true;
    const first = panel.querySelector<HTMLElement>('[data-first], input, textarea, [role=option]');
    (first ?? panel).focus();
  }

  close(): void {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.behind.inert = false;
    this.element.replaceChildren();
    if (this.#before instanceof HTMLElement && this.#before.isConnected) this.#before.focus({ preventScroll: true });
    const closed = this.#close;
    this.#close = undefined;
    closed?.();
  }
}

let count = 0;

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
  readonly mark?: Node;
}

/** A list of choices that is walked through with the arrow keys; Enter or Space takes one. */
export function listbox(
  label: string,
  choices: readonly Choice[],
  options: { readonly many?: boolean; readonly chosen: Set<string>; readonly take: (choice: Choice) => void },
): HTMLElement {
  const list = h('div', {
    role: 'listbox',
    class: 'listbox',
    'aria-label': label,
    'aria-multiselectable': options.many ? 'true' : undefined,
  });
  const items = choices.map((choice) => {
    const isChosen = options.chosen.has(choice.value);
    const item = h(
      'div',
      {
        role: 'option',
        class: 'option',
        tabindex: '-1',
        'aria-selected': String(isChosen),
        'data-value': choice.value,
      },
      choice.mark,
      h(
        'div',
        { class: 'option-words' },
        h('span', { class: 'option-label' }, choice.label),
        choice.description ? h('span', { class: 'option-description' }, choice.description) : undefined,
      ),
      options.many ? h('span', { class: 'tick', 'aria-hidden': 'true' }) : undefined,
    );
    item.addEventListener('click', () => options.take(choice));
    return item;
  });
  items[0]?.setAttribute('tabindex', '0');
  list.append(...items);
  list.addEventListener('keydown', (event) => {
    const at = items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[Math.min(Math.max(to, 0), items.length - 1)]?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      items[at]?.click();
    }
  });
  return list;
}
