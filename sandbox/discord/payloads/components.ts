import { COMPONENT } from '../constants.js';
import { asObjects, isObject, type Json, type JsonObject } from '../json.js';
import type { Component } from '../model.js';
import type { Snowflakes } from '../snowflake.js';

/** Components as Discord keeps and returns them: numbered, nulls left out, defaults filled in, pictures with addresses. */
export function keepComponents(value: Json | undefined, snowflakes: Snowflakes): Component[] {
  const kept = asObjects(structuredClone(value)).map((component) => fill(component, snowflakes));
  // The rules have looked at every field by now, so the copy has the shape that its types promise.
  const components = kept as unknown as Component[];
  numberComponents(components);
  return components;
}

const SELECTS: readonly number[] = [
  COMPONENT.StringSelect,
  COMPONENT.UserSelect,
  COMPONENT.RoleSelect,
  COMPONENT.MentionableSelect,
  COMPONENT.ChannelSelect,
];

function defaultsOf(type: number): JsonObject {
  if (SELECTS.includes(type)) return { min_values: 1, max_values: 1 };
  if (type === COMPONENT.Separator) return { spacing: 1, divider: true };
  if (type === COMPONENT.Container) return { accent_color: null, spoiler: false };
  if (type === COMPONENT.Thumbnail) return { description: null, spoiler: false };
  if (type === COMPONENT.File) return { name: null, size: null, spoiler: false };
  return {};
}

function fill(component: JsonObject, snowflakes: Snowflakes): JsonObject {
  const given = Object.entries(component).filter(([, value]) => value !== null);
  const filled: JsonObject = { ...defaultsOf(Number(component['type'])), ...Object.fromEntries(given) };
  const media = (value: Json | undefined): JsonObject | undefined =>
    isObject(value) ? { ...value, id: snowflakes.next(), proxy_url: value['url'] } : undefined;
  for (const name of ['media', 'file']) if (filled[name] !== undefined) filled[name] = media(filled[name]);
  if (filled['items'] !== undefined) {
    filled['items'] = asObjects(filled['items']).map((item) => ({
      description: null,
      spoiler: false,
      ...item,
      media: media(item['media']),
    }));
  }
  if (filled['components'] !== undefined) {
    filled['components'] = asObjects(filled['components']).map((child) => fill(child, snowflakes));
  }
  for (const name of ['accessory', 'component']) {
    const child = filled[name];
    if (isObject(child)) filled[name] = fill(child, snowflakes);
  }
  return filled;
}

/** Gives every component the number that Discord gives those without one: counted through, outermost first. */
function numberComponents(components: Component[]): void {
  const all = flatten(components);
  const taken = new Set(all.map((component) => component.id).filter(Boolean));
  let next = 1;
  for (const component of all) {
    if (component.id) continue;
    while (taken.has(next)) next += 1;
    component.id = next;
    taken.add(next);
  }
}

/** All components, nested ones included, in reading order. */
export function flatten(components: readonly Component[]): Component[] {
  return components.flatMap((component) => [
    component,
    ...flatten(component.components ?? []),
    ...(component.component ? flatten([component.component]) : []),
    ...(component.accessory ? flatten([component.accessory]) : []),
  ]);
}
