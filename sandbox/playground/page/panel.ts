import { h } from './dom.js';
import { say, type Sentence } from './say.js';

/** A panel that a button of the bar opens and closes. */
export class Panel {
  readonly button: HTMLButtonElement;
  readonly panel: HTMLElement;

  /** `more`: the rest of its name, which goes where there is little room. */
  constructor(id: string, { name, more }: { readonly name: Sentence; readonly more?: Sentence }, opened: () => void) {
    const rest = more ? say(more) : '';
    const whole = `${say(name)}${rest}`;
    this.panel = h('div', { class: 'panel', id, hidden: true, role: 'region', 'aria-label': whole });
    this.button = h(
      'button',
      {
        type: 'button',
        class: 'bar-button',
        'aria-expanded': 'false',
        'aria-controls': id,
        'aria-label': whole,
        onclick: () => this.toggle(opened),
      },
      say(name),
      h('span', { class: 'more' }, rest),
    );
    this.panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.close();
      this.button.focus();
    });
  }

  toggle(opened: () => void): void {
    this.panel.hidden = !this.panel.hidden;
    this.button.setAttribute('aria-expanded', String(!this.panel.hidden));
    if (!this.panel.hidden) opened();
  }

  close(): void {
    this.panel.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
  }
}

/** One choice of several that exclude each other. */
export function radio(group: string, id: string, words: string, checked: boolean, chosen: () => unknown): HTMLElement {
  const input = h('input', { type: 'radio', name: group, id, checked, onchange: () => void chosen() });
  return h('label', { class: 'switch' }, input, words);
}

/** Something that is on or off. */
export function check(id: string, words: string, checked: boolean, set: (on: boolean) => unknown): HTMLElement {
  const input = h('input', { type: 'checkbox', id, checked });
  input.addEventListener('change', () => void set(input.checked));
  return h('label', { class: 'switch' }, input, words);
}

/** A button of a panel. */
export function action(id: string, words: string, done: () => unknown): HTMLElement {
  return h('button', { type: 'button', class: 'button button-secondary', id, onclick: () => void done() }, words);
}
