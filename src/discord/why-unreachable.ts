/** Why a call did not reach Discord: the HTTP status, or the system's error code. */
export function whyUnreachable(error: unknown): string {
  const { code, status, cause, name } = (error ?? {}) as Partial<Record<string, unknown>>;
  if (typeof status === 'number') return `HTTP ${status}`;
  if (typeof code === 'string') return code;
  return cause === undefined ? String(name) : whyUnreachable(cause);
}
