/** Why a call did not reach Discord, in as few words as there are: the system's code, or the status that came. */
export function whyUnreachable(error: unknown): string {
  const { code, status, cause, name } = (error ?? {}) as Partial<Record<string, unknown>>;
  if (typeof status === 'number') return `HTTP ${status}`;
  if (typeof code === 'string') return code;
  return cause === undefined ? String(name) : whyUnreachable(cause);
}
