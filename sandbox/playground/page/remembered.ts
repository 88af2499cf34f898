/** Turns light into dark and back; remembered for the next time. */
export function switchTheme(): void {
  const isDark = document.documentElement.dataset['theme'] === 'dark';
  setTheme(isDark ? 'light' : 'dark');
  remembered('theme', isDark ? 'light' : 'dark');
}

export function setTheme(theme: string): void {
  document.documentElement.dataset['theme'] = theme;
}

/** Remembers a choice of this window, or gives the one from before; where a browser keeps nothing, nothing is remembered. */
export function remembered(name: string, value?: string): string | undefined {
  try {
    if (value !== undefined) sessionStorage.setItem(name, value);
    return sessionStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}
