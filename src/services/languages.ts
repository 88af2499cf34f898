/** The language of each member, as their Discord last told it; needed for direct messages, which come without one. */
export interface Languages {
  of(memberId: string): string | undefined;
  remember(memberId: string, locale: string): void;
}
