import type { ActAnswer } from '../shared.js';
import { text, type, type Component, type Host } from './components.js';
import { h } from './dom.js';

type Modal = NonNullable<ActAnswer['modal']>;
type Field = {
  readonly id: string;
  readonly label: string;
  readonly value: () => string | string[] | undefined;
  readonly isMissing: () => boolean;
  readonly element: HTMLElement;
};

/** A form that the bot opened, over the phone; `send` gets what was filled in, by custom ids. */
export function openForm(modal: Modal, host: Host, send: (fields: Record<string, string | string[]>) => void): void {
  const { words, sheet } = host;
  const fields: Field[] = [];
  const parts = (modal.components as unknown as Component[]).map((top) => {
    if (top.type === type.textDisplay) return text(top.content ?? '', host.reading);
    const inner = top.type === type.label ? top.component : top.components?.[0];
    if (!inner) return h('div');
    const field = drawField(inner, top.type === type.label ? top : inner, host);
    fields.push(field);
    return field.element;
  });
  const form = h(
    'form',
    { class: 'form', novalidate: true },
    parts,
    h(
      'div',
      { class: 'form-end' },
      h('button', { type: 'button', class: 'button button-secondary', onclick: () => sheet.close() }, words.cancel),
      h('button', { type: 'submit', class: 'button button-primary' }, words.submit),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const missing = fields.filter((field) => field.isMissing());
    for (const field of fields) field.element.classList.toggle('field-missing', missing.includes(field));
    if (missing.length > 0) return missing[0]?.element.querySelector<HTMLElement>('input, textarea, button')?.focus();
    const filled = fields.flatMap(({ id, value }) => {
      const given = value();
      return given === undefined ? [] : [[id, given] as const];
    });
    sheet.close();
    send(Object.fromEntries(filled));
  });
  sheet.open(modal.title, words.close, [form]);
}

function drawField(component: Component, named: Component, host: Host): Field {
  const { words } = host;
  const id = component.custom_id ?? '';
  const label = named.label ?? '';
  const isRequired = component.required !== false;
  const elementId = `field-${(count += 1)}`;
  const star = isRequired ? h('span', { class: 'star', 'aria-hidden': 'true' }, ' *') : undefined;
  const problem = h('div', { class: 'field-problem', id: `${elementId}-problem` }, words.requiredField);
  const about =
    named !== component && named.description ? h('div', { class: 'field-about' }, named.description) : undefined;
  if (component.type === type.textInput) {
    const shared = {
      id: elementId,
      name: label,
      placeholder: component.placeholder,
      maxlength: component.max_length,
      minlength: component.min_length,
      'aria-required': String(isRequired),
      'aria-describedby': `${elementId}-problem`,
    };
    const input =
      component.style === 2
        ? h('textarea', { ...shared, rows: 4, class: 'input' })
        : h('input', { ...shared, type: 'text', class: 'input', autocomplete: 'off' });
    input.value = component.value ?? '';
    const element = h('div', { class: 'field' }, h('label', { for: elementId }, label, star), about, input, problem);
    return { id, label, element, value: () => input.value, isMissing: () => isRequired && input.value.trim() === '' };
  }
  const preset = component.options?.find((each) => each.default)?.value;
  let chosen: string[] = preset === undefined ? [] : [preset];
  const shown = h('span', { class: 'select-words' }, component.placeholder ?? words.choose);
  const list = h('select', { id: elementId, class: 'input', multiple: (component.max_values ?? 1) > 1 });
  for (const option of host.choices(component).length > 0 ? host.choices(component) : [])
    list.append(h('option', { value: option.value }, option.label));
  for (const option of component.options ?? [])
    list.append(h('option', { value: option.value, selected: option.value === preset }, option.label));
  list.addEventListener('change', () => (chosen = [...list.selectedOptions].map(({ value }) => value)));
  if (!list.multiple && preset === undefined)
    list.prepend(h('option', { value: '', selected: true }, shown.textContent ?? ''));
  const element = h('div', { class: 'field' }, h('label', { for: elementId }, label, star), about, list, problem);
  return {
    id,
    label,
    element,
    value: () => (chosen.filter(Boolean).length > 0 ? chosen : undefined),
    isMissing: () => isRequired && chosen.filter(Boolean).length === 0,
  };
}

let count = 0;
