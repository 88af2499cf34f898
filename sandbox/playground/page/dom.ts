type Child = Node | string | undefined | false;
type Props = Record<string, unknown>;

/** Makes an element: `on…` are listeners, `class` and the like are attributes; undefined and false are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value as EventListener);
    else if (name === 'value') (element as HTMLInputElement).value = String(value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...present(children));
  return element;
}

/** Fills an element with other children. */
export function fill(element: Element, ...children: (Child | readonly Child[])[]): void {
  element.replaceChildren(...present(children));
}

/**
 * Fills an element, but what looks as before stays: somebody may be pressing it, or have the focus there. Only for what does
 * as before where it looks as before.
 */
export function renew(element: Element, ...children: (Child | readonly Child[])[]): void {
  const fresh = present(children);
  for (const [n, node] of fresh.entries()) {
    const before = element.childNodes[n];
    if (!before) element.append(node);
    else if (before !== node && !(node instanceof Node && before.isEqualNode(node))) before.replaceWith(node);
  }
  while (element.childNodes.length > fresh.length) element.lastChild?.remove();
}

function present(children: readonly (Child | readonly Child[])[]): (Node | string)[] {
  return children.flat().filter((child): child is Node | string => child !== undefined && child !== false);
}

/** The page's own icons, drawn with one path each. */
const paths = {
  hash: 'M9 3 7 21M17 3l-2 18M4 8h17M3 16h17',
  at: 'M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Zm0 0v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-4 7.5',
  bell: 'M18 16V11a6 6 0 1 0-12 0v5l-2 3h16l-2-3ZM10 21h4',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12Zm13 0a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z',
  people:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2 21v-1a6 6 0 0 1 6-6h2a6 6 0 0 1 6 6v1M16 3.5a4 4 0 0 1 0 7M19 14.5a6 6 0 0 1 3 5V21',
  key: 'M15 9a5 5 0 1 1-10 0 5 5 0 0 1 10 0Zm-1.5 3.5L21 20m-3-3 2-2m-4.500-.5 1.500-1.500',
  down: 'm6 9 6 6 6-6',
  out: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  send: 'm4 4 17 8-17 8 3-8-3-8Zm3 8h7',
  file: 'M6 2h8l5 5v15H6V2Zm8 0v5h5',
  close: 'M6 6l12 12M18 6 6 18',
  sun: 'M12 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM12 1v3M12 20v3M1 12h3M20 12h3M4 4l2 2M18 18l2 2M4 20l2-2M18 6l2-2',
  television: 'M3 5h18v12H3V5Zm5 16h8',
  play: 'M7 4v16l13-8L7 4Z',
  pause: 'M7 4v16M17 4v16',
} as const;
export type IconName = keyof typeof paths;

/** An icon that says nothing to a screen reader: the words stand beside it, or on its button. */
export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 24 24',
    class: `icon icon-${name}`,
    'aria-hidden': 'true',
  }))
    svg.setAttribute(key, value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for an eye that follows what moves; not for those who want no motion. */
export function motion(ms: number): Promise<void> {
  return pause(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms);
}

/** Looks again and again until there is something, or so long has passed. */
export async function until<T>(look: () => T | undefined, patienceMs: number): Promise<T | undefined> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const found = look();
    if (found !== undefined || performance.now() > end) return found;
    await pause(30);
  }
}
