import { COMPONENT } from '../constants.js';
import type { OpenModal } from '../interaction.js';
import type { Json, JsonObject } from '../json.js';
import type { Component } from '../model.js';

/** The `data` of a modal's submission. @throws Error for a label that is not there, or an answer that the client would not send. */
export function modalData(modal: OpenModal, given: Record<string, string | string[]>): JsonObject {
  const used = new Set<string>();
  const components = modal.components.map((top): JsonObject => {
    if (top.type === COMPONENT.TextDisplay) return { type: top.type, id: top.id };
    const inner = top.type === COMPONENT.Label ? top.component : top.components?.[0];
    if (!inner) throw new Error(`The modal "${modal.title}" has an empty row`);
    const label = (top.type === COMPONENT.Label ? top.label : inner.label) ?? '';
    const key = [label, inner.custom_id ?? ''].find((name) => given[name] !== undefined);
    if (key !== undefined) used.add(key);
    const filled = answerOf(inner, label, key === undefined ? undefined : given[key]);
    return top.type === COMPONENT.Label
      ? { type: top.type, id: top.id, component: filled }
      : { type: top.type, id: top.id, components: [filled] };
  });
  const unknown = Object.keys(given).find((name) => !used.has(name));
  if (unknown !== undefined) throw new Error(`The modal "${modal.title}" has no field "${unknown}"`);
  return { custom_id: modal.customId, components };
}

function answerOf(component: Component, label: string, given: string | string[] | undefined): JsonObject {
  const shared = { type: component.type, id: component.id, custom_id: component.custom_id };
  const needed = component.required !== false;
  if (component.type !== COMPONENT.TextInput) {
    const preset = component.options?.filter((each) => each.default).map(({ value }) => value) ?? [];
    const values: Json[] = [given ?? preset].flat().map((each) => optionValue(component, each));
    if (needed && values.length === 0) throw new Error(`"${label}" must be chosen`);
    return { ...shared, values };
  }
  const value = given === undefined ? (component.value ?? '') : String(given);
  const limits = component as { min_length?: number; max_length?: number };
  if (needed && value === '') throw new Error(`"${label}" must be filled in`);
  if (limits.max_length !== undefined && value.length > limits.max_length)
    throw new Error(`"${label}" takes ${limits.max_length} characters at most`);
  if (value !== '' && limits.min_length !== undefined && value.length < limits.min_length)
    throw new Error(`"${label}" takes ${limits.min_length} characters at least`);
  return { ...shared, value };
}

/** The value of the option with this label or value; ids of people and roles are taken as they are. */
export function optionValue(component: Component, chosen: string): string {
  if (component.type !== COMPONENT.StringSelect) return chosen;
  const option = component.options?.find((each) => each.label === chosen || each.value === chosen);
  if (!option)
    throw new Error(`"${chosen}" is not among: ${(component.options ?? []).map((each) => each.label).join(', ')}`);
  return option.value;
}
